package io.ghlgateway.limits;

import io.ghlgateway.digest.Sha256;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway without Redis spent lately, on disk, so that its successor does not grant the same quota again while
 * the upstream still counts the first grants. Survives a kill; see {@link SpendRing} for what a machine's crash means.
 */
public final class SpendJournal {

    private static final Logger LOG = LoggerFactory.getLogger(SpendJournal.class);
    private static final int MOST_RINGS = 64;

    private final URI upstream;
    private final TimeMeter clock;
    private final @Nullable SpendRing ring;
    /** By the period that they are of. */
    private final Map<Duration, RecentSpends> before;

    private final Duration period;

    private SpendJournal(
            URI upstream,
            TimeMeter clock,
            @Nullable SpendRing ring,
            Map<Duration, RecentSpends> before,
            Duration period) {
        this.upstream = upstream;
        this.clock = clock;
        this.ring = ring;
        this.before = before;
        this.period = period;
    }

    /** Remembers nothing: after a restart a whole quota is granted at once. */
    public static SpendJournal none() {
        return new SpendJournal(URI.create(""), TimeMeter.SYSTEM_MILLISECONDS, null, Map.of(), Duration.ZERO);
    }

    /**
     * Reads what all earlier processes left in this directory, and opens a ring of its own there; to be called before
     * the first request, since it reads files. The ring is free for others when this process has ended.
     *
     * @param routes limits of endpoints, which it remembers sends for as well
     * @param clock the same that the budgets will live by
     * @throws IOException when the directory cannot be used; its message names the directory
     */
    public static SpendJournal open(Path directory, BudgetSettings settings, List<RouteLimit> routes, TimeMeter clock)
            throws IOException {
        try {
            Files.createDirectories(directory);
            var windows = new Windows(settings.tuning());
            var period = windows.burst(settings.initial()).period();
            var before = new HashMap<Duration, RecentSpends>();
            long now = clock.currentTimeNanos();
            before.put(period, new RecentSpends(now, period));
            routes.forEach(limit -> before.computeIfAbsent(
                    windows.burst(limit.granted()).period(), length -> new RecentSpends(now, length)));
            for (int i = 0; i < MOST_RINGS; i++) {
                for (var spends : before.values()) {
                    read(file(directory, i), spends);
                }
            }
            for (int i = 0; i < MOST_RINGS; i++) {
                var ring = SpendRing.lock(file(directory, i));
                if (ring.isPresent()) {
                    if (i > 0) {
                        LOG.warn(
                                "{} is in use by another gateway: two that have a quota in common and no Redis each spend"
                                        + " all of it",
                                directory.toAbsolutePath());
                    }
                    return new SpendJournal(settings.upstream(), clock, ring.get(), before, period);
                }
            }
            throw new IOException("all " + MOST_RINGS + " spent-*.ring files are in use by running gateways");
        } catch (IOException e) {
            throw new IOException(
                    "cannot keep the record of recent sends in " + directory.toAbsolutePath() + ": " + e, e);
        }
    }

    private static Path file(Path directory, int index) {
        return directory.resolve("spent-" + index + ".ring");
    }

    private static void read(Path file, RecentSpends before) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        before.beginRing();
        switch (SpendRing.read(file, before)) {
            case EMPTY -> {}
            case RING -> {
                if (before.endRing()) {
                    LOG.warn("{} does not reach back far enough: as if all had been sent", file);
                }
            }
            case UNKNOWN -> {
                before.unknown();
                LOG.warn("{} is damaged or of another version: no sends for one interval", file);
            }
        }
    }

    /** For the burst of a key. */
    Ledger ledger(BudgetKey key) {
        return ledger(key.toString(), period);
    }

    /** For an endpoint's limit; {@code period} is that of one of the limits it was opened for. */
    Ledger ledger(RouteKey key, Duration period) {
        return ledger(key.owner() + " " + key.name(), period);
    }

    private Ledger ledger(String name, Duration length) {
        var file = ring;
        if (file == null) {
            return Ledger.NONE;
        }
        var spends = before.getOrDefault(length, RecentSpends.NONE);
        long hash = hash(name);
        return new Ledger() {
            @Override
            public Past past() {
                return spends.of(hash, clock.currentTimeNanos());
            }

            @Override
            public void spending(int sends) {
                file.append(hash, clock.currentTimeNanos() / 1_000_000, sends);
            }
        };
    }

    private long hash(String name) {
        return ByteBuffer.wrap(Sha256.of(upstream + " " + name)).getLong();
    }
}
