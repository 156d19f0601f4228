package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Renews ahead of need, each installation at its own time between 65 and 73 % of its token's life, so that nobody waits
 * for a token, six hours without a token endpoint go unseen, and thousands that came at once do not fall due at once. Any
 * thread.
 */
public final class RenewalSchedule {

    /** At once, in this replica. */
    private static final int MOST = 16;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofMinutes(15);
    /** Of a token in its last minutes: without the store it must not be renewed before, and cannot be after. */
    private static final Duration LATE_RETRY = Duration.ofSeconds(15);
    /** What nobody can mend from here is tried seldom. */
    private static final Duration HOPELESS_RETRY = Duration.ofMinutes(30);

    /** @param generation what was known when it was set: when a later one is, it is this one's no more */
    private record Due(Instant at, InstallationKey key, long generation) {}

    private final Installations installations;
    private final Renewals renewals;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ConcurrentHashMap<InstallationKey, Due> dues = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Due> inOrder = new ConcurrentSkipListSet<>(Comparator.comparing(Due::at)
            .thenComparing(due -> due.key().toString())
            .thenComparing(Due::generation));
    private final ConcurrentHashMap<InstallationKey, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();

    /** @param random used by any thread: safe for that */
    public RenewalSchedule(
            Installations installations, Renewals renewals, InstantSource clock, RandomGenerator random) {
        this.installations = installations;
        this.renewals = renewals;
        this.clock = clock;
        this.random = random;
        installations.listen(this::changed);
    }

    private void changed(Installation told) {
        if (told.status() == Status.ACTIVE || told.status() == Status.PENDING) {
            failures.remove(told.key());
        }
        dues.compute(told.key(), (key, before) -> {
            // Listeners may be told out of order: what is known counts, not what was said last.
            var now = installations.find(key).orElse(told);
            return queued(before, due(now));
        });
    }

    /** @return null where there is nothing to renew */
    private @Nullable Due due(Installation installation) {
        if (installation.isRevoked() || installation.tokens().isEmpty()) {
            return null; // a location's first token is minted when somebody wants it
        }
        var at = switch (installation.status()) {
            case PAUSED, LOST -> clock.instant().plus(HOPELESS_RETRY);
            default -> installation.tokens().get().renewAt(share(installation));
        };
        return new Due(at, installation.key(), installation.generation());
    }

    private @Nullable Due queued(@Nullable Due before, @Nullable Due next) {
        if (before != null) {
            inOrder.remove(before);
        }
        if (next != null) {
            inOrder.add(next);
        }
        return next;
    }

    /** The same for all replicas, and another for each installation and generation. */
    private static double share(Installation installation) {
        int hash = 31 * installation.key().toString().hashCode() + Long.hashCode(installation.generation());
        return Math.floorMod(hash * 0x9E3779B9, 10_000) / 10_000.0;
    }

    /** @return whether that is this generation's time now; not where a later one has come meanwhile */
    private boolean postpone(Installation installation, Duration rest) {
        var at = clock.instant().plus(rest);
        var set = dues.computeIfPresent(
                installation.key(),
                (key, before) -> before.generation() == installation.generation()
                        ? queued(before, new Due(at, key, before.generation()))
                        : before);
        return set != null && set.generation() == installation.generation();
    }

    /** Begins what is due, as many as may be under way at once; asked about once a second. */
    public void tick() {
        var now = clock.instant();
        for (var due : inOrder) {
            if (underWay.get() >= MOST || due.at().isAfter(now)) {
                return;
            }
            // Until it has ended, it is as if it had failed: whatever becomes of it, it is not forgotten.
            installations
                    .find(due.key())
                    .filter(known -> known.generation() == due.generation()
                            && postpone(known, Renewals.LEASE.plus(retry(due.key()))))
                    .ifPresent(this::renew);
        }
    }

    private void renew(Installation installation) {
        var key = installation.key();
        underWay.incrementAndGet();
        renewals.renew(installation).onComplete(ended -> {
            underWay.decrementAndGet();
            if (ended.failed()) {
                failures.merge(key, 1, Integer::sum);
                boolean hopeless = installation.status() == Status.LOST || installation.status() == Status.PAUSED;
                postpone(installation, hopeless ? HOPELESS_RETRY : inTime(installation, retry(key)));
            }
        });
    }

    /** No rest may outlast the time that a token has left, nor begin before its last minutes and end after them. */
    private Duration inTime(Installation installation, Duration rest) {
        var now = clock.instant();
        var until = installation.tokens().map(Tokens::usableUntil).orElse(now);
        var untilLast = Duration.between(now, until.minus(Renewals.LAST_MINUTES));
        if (!now.isBefore(until)) {
            return rest;
        }
        var most = untilLast.compareTo(LATE_RETRY) < 0 ? LATE_RETRY : untilLast;
        return rest.compareTo(most) > 0 ? most : rest;
    }

    private Duration retry(InstallationKey key) {
        int shift = Math.min(failures.getOrDefault(key, 0), 10);
        var most = FIRST_RETRY.multipliedBy(1L << shift);
        var capped = most.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : most;
        return capped.dividedBy(2).plusMillis(random.nextLong(capped.toMillis() / 2 + 1));
    }

    /** When this installation's turn comes next; for operators. */
    public Optional<Instant> next(InstallationKey key) {
        return Optional.ofNullable(dues.get(key)).map(Due::at);
    }
}
