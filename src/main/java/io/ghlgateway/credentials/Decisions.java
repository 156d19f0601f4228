package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What operators decide of installations. A company's decision is that of its minted locations, too; a location that was
 * installed by itself stands by itself. Each is made under the record's lease, so that a renewal under way cannot undo
 * it. Any thread.
 */
public final class Decisions {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final int MOST_LOOKS = (int) (Renewals.LEASE.toMillis() / LOOK_AGAIN.toMillis()) + 4;
    private static final int MOST_TRIES = 5;
    private static final int AT_ONCE = 16;

    private final Vault vault;
    private final Installations installations;
    private final Pause pause;
    private final InstantSource clock;
    /** @param make leaves an installation as it is that this does not concern */
    private record Decision(Predicate<Installation> isMade, UnaryOperator<Installation> make) {}

    /** Not the replica's own name: its renewals must find the lease taken. */
    private final String owner = "operator-" + UUID.randomUUID();

    public Decisions(Vault vault, Installations installations, Pause pause, InstantSource clock) {
        this.vault = vault;
        this.installations = installations;
        this.pause = pause;
        this.clock = clock;
    }

    /** From now on what waited for approval may be used; what did not wait stays as it is. */
    public Future<Installation> approve(InstallationKey key) {
        return decided(
                key,
                new Decision(
                        held -> held.status() == Status.ACTIVE,
                        held -> held.isPending() ? held.with(Status.ACTIVE, "", clock.instant()) : held));
    }

    /**
     * Drops the tokens for good; its customer must install again.
     *
     * @param why for the operator who reads it later
     */
    public Future<Installation> revoke(InstallationKey key, String why) {
        return revoke(key, why, clock.instant());
    }

    /** @param ended when it came to its end, where that was not just now */
    Future<Installation> revoke(InstallationKey key, String why, Instant ended) {
        return decided(key, new Decision(Installation::isRevoked, held -> held.revoked(why, clock.instant(), ended)));
    }

    /** A location was installed at this time, if it is not known from a later one; one that has ended stays so. */
    Future<Installation> date(InstallationKey location, Instant when) {
        var installed = when.truncatedTo(ChronoUnit.MILLIS);
        return decided(
                location,
                new Decision(
                        held -> held.isRevoked() || !held.since().isBefore(installed),
                        held -> held.since(installed, clock.instant())));
    }

    /** Another version of the app is installed there, unless a later one is known; a company's is its locations', too. */
    Future<Installation> update(InstallationKey key, String version, Instant when) {
        var next = new AppVersion(version, when);
        return decided(
                key,
                new Decision(
                        held -> held.isRevoked()
                                || held.version()
                                        .filter(known -> !known.since().isBefore(next.since()))
                                        .isPresent(),
                        held -> held.version(next, clock.instant())));
    }

    private Future<Installation> decided(InstallationKey key, Decision decision) {
        return leased(key, MOST_LOOKS)
                .compose(lease -> installations
                        .reread(key)
                        .compose(found -> found.map(held -> kept(held, decision, MOST_TRIES))
                                .orElseGet(() -> Future.failedFuture(
                                        new IllegalStateException("there is no installation " + key))))
                        .eventually(() -> vault.store().release(lease).otherwiseEmpty()))
                .compose(kept -> key.resource().isCompany()
                        ? InTurn.all(locationsOf(key), AT_ONCE, held -> kept(held, decision, MOST_TRIES))
                                .map(kept)
                        : Future.succeededFuture(kept));
    }

    private Future<Lease> leased(InstallationKey key, int looks) {
        return vault.store().lease(key.name(), owner, Renewals.LEASE).compose(lease -> {
            if (lease.isPresent()) {
                return Future.succeededFuture(lease.get());
            }
            return looks == 0
                    ? Future.failedFuture(new IllegalStateException(key + " has been under renewal for too long"))
                    : pause.of(LOOK_AGAIN).compose(rested -> leased(key, looks - 1));
        });
    }

    /** Decides anew where another replica wrote meanwhile. */
    private Future<Installation> kept(Installation held, Decision decision, int tries) {
        var next = decision.isMade().test(held) ? held : decision.make().apply(held);
        if (next.equals(held)) {
            return Future.succeededFuture(held);
        }
        return installations.keep(next).compose(kept -> {
            if (decision.isMade().test(kept)) {
                return Future.succeededFuture(kept);
            }
            return tries == 1
                    ? Future.failedFuture(new IllegalStateException(held.key() + " keeps being changed by others"))
                    : kept(kept, decision, tries - 1);
        });
    }

    private List<Installation> locationsOf(InstallationKey company) {
        return installations.all().stream()
                .filter(each -> each.origin() == Origin.MINTED)
                .filter(each -> each.parent().filter(company::equals).isPresent())
                .toList();
    }
}
