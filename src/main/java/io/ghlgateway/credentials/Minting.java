package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Function;

/** Locations' tokens out of their company's; each costs one call of the company's quota. Any thread. */
final class Minting {

    private final Installations installations;
    private final OAuthApi api;
    private final Reconnects reconnects;
    private final Renewals.Toll toll;
    private final InstantSource clock;
    private final Function<Installation, Future<Installation>> renewal;

    /** @param renewal how a company's own token is renewed */
    Minting(
            Installations installations,
            OAuthApi api,
            Reconnects reconnects,
            Renewals.Toll toll,
            InstantSource clock,
            Function<Installation, Future<Installation>> renewal) {
        this.installations = installations;
        this.api = api;
        this.reconnects = reconnects;
        this.toll = toll;
        this.clock = clock;
        this.renewal = renewal;
    }

    Future<Installation> mint(Installation location) {
        return mint(location, true);
    }

    private Future<Installation> mint(Installation location, boolean mayRenewCompany) {
        var parent = location.parent().flatMap(installations::find);
        if (parent.isEmpty() || parent.get().tokens().isEmpty()) {
            return Renewals.failed("the agency's installation that its token is minted from is not there");
        }
        var company = parent.get();
        var token = company.tokens().orElseThrow();
        if (!clock.instant().isBefore(token.usableUntil())) {
            return mayRenewCompany
                    ? renewal.apply(company).compose(renewed -> mint(location, false))
                    : Renewals.failed("the agency's token has expired");
        }
        return toll.pay(company.key())
                .compose(paid -> api.mint(
                        token.access(),
                        company.key().resource().id(),
                        location.key().resource().id()))
                .compose(grant -> reconnects.kept(location, grant, installations::keep))
                .recover(failure -> failure instanceof Refused refused
                        ? refused(location, company, refused, mayRenewCompany)
                        : Future.failedFuture(failure));
    }

    private Future<Installation> refused(
            Installation location, Installation company, Refused refused, boolean mayRenewCompany) {
        return switch (refused.reason()) {
            case TOKEN_INVALID ->
                mayRenewCompany
                        ? renewal.apply(company).compose(renewed -> mint(location, false))
                        : Future.failedFuture(refused);
            case LOCATION_NOT_ACTIVE -> reconnects.standing(location, Status.PAUSED, refused.getMessage());
            case INVALID_GRANT, THROTTLED, OTHER -> Future.failedFuture(refused);
        };
    }
}
