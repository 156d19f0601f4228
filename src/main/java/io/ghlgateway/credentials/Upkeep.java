package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What must be done from time to time so that credentials stay good: follow other replicas, renew ahead of need, keep
 * what could not be kept, list agencies anew. Its owner calls each method at the pace that it states. Any thread; a call
 * that comes while the one before it has not ended does nothing.
 */
public final class Upkeep {

    /** Fast enough for a change to be in force everywhere within a second. */
    public static final Duration LOOK_EVERY = Duration.ofMillis(250);

    public static final Duration TEND_EVERY = Duration.ofSeconds(1);
    public static final Duration RELIST_EVERY = Duration.ofMinutes(1);
    private static final Duration PRESENT = Duration.ofSeconds(10);

    private final Vault vault;
    private final Installations installations;
    private final RenewalSchedule schedule;
    private final Onboarding onboarding;
    private final Members members;
    private final String replica;
    private final CredentialEvents events;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean tending = new AtomicBoolean();

    /** @param replica this one's name, as its journal says */
    public Upkeep(
            Vault vault,
            Installations installations,
            RenewalSchedule schedule,
            Onboarding onboarding,
            Members members,
            String replica,
            CredentialEvents events) {
        this.vault = vault;
        this.installations = installations;
        this.schedule = schedule;
        this.onboarding = onboarding;
        this.members = members;
        this.replica = replica;
        this.events = events;
    }

    /** Takes in what other replicas wrote; every {@link #LOOK_EVERY}. */
    public void look() {
        if (looking.compareAndSet(false, true)) {
            vault.look()
                    .onComplete(ended -> members.looked(ended.succeeded()))
                    .onFailure(unreachable -> events.storeUnreachable(String.valueOf(unreachable.getMessage())))
                    .onComplete(ended -> looking.set(false));
        }
    }

    /** Every {@link #TEND_EVERY}. */
    public void tend() {
        schedule.tick();
        if (tending.compareAndSet(false, true)) {
            vault.store()
                    .present(replica, PRESENT)
                    .onSuccess(members::are)
                    .transform((known, unreachable) ->
                            unreachable == null ? installations.settle() : Future.succeededFuture())
                    .onComplete(ended -> tending.set(false));
        }
    }

    /** Every {@link #RELIST_EVERY}. */
    public void relist() {
        onboarding.relist();
    }
}
