package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Status;
import io.vertx.core.Future;

/**
 * Whether HighLevel still has an app installed, by what nothing but an installation gets: a new token. Any thread.
 */
final class Presence {

    private final Installations installations;
    private final Renewals renewals;

    Presence(Installations installations, Renewals renewals) {
        this.installations = installations;
        this.renewals = renewals;
    }

    /** @return fails where HighLevel says neither yes nor no */
    Future<Boolean> isInstalled(Installation installation) {
        return renewals.renew(installation).transform((renewed, failure) -> {
            if (failure == null) {
                return Future.succeededFuture(renewed.status() != Status.REVOKED);
            }
            if (failure instanceof NotRenewed refused && refused.isDenied()) {
                return Future.succeededFuture(false);
            }
            return switch (installations
                    .find(installation.key())
                    .orElse(installation)
                    .status()) {
                case LOST, REVOKED -> Future.succeededFuture(false);
                case PAUSED -> Future.succeededFuture(true);
                case ACTIVE, PENDING -> Future.failedFuture(failure);
            };
        });
    }
}
