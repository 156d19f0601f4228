package io.ghlgateway.limits;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.time.Instant;

/**
 * How a quota of {@code requests} in any stretch of {@code per} is made out of plain token buckets, so that it holds
 * whatever the phase and the kind of the upstream's own window.
 *
 * <p>Immutable; one instance, with its one Bucket4j configuration, serves all keys that have this quota.
 */
public final class StrictWindow {
    /*
     * One Bucket4j bucket holds M bandwidths of N tokens. Each is filled to N once a period P, their fillings staggered
     * by delta, all on one grid that starts at the epoch, so that replicas and restarts agree on it:
     *
     *     delta = ceil((T + guard) / (M - 1)) milliseconds,    P = M * delta
     *
     * A grant takes from all bandwidths at once, and a bandwidth gives no more than N between two of its fillings.
     *
     * Claim: no half-open stretch [x, x + T + guard) sees more than N grants.
     * Proof: let s be the last multiple of delta not after x. Some bandwidth is filled at s, and next at s + M delta.
     * Since x < s + delta, x + T + guard < s + delta + (M - 1) delta = s + M delta. So the stretch lies wholly within
     * one period of that bandwidth, which gives at most N. QED.
     *
     * The upstream counts arrivals, not grants: if each arrives within `guard` of the clock reading that paid for it
     * (permit-ttl + network jitter + clock error), then no T at the upstream ever sees more than N.
     *
     * The price: N are spent each P rather than each T, the share T / P. T = 10 s, guard = 160 ms, M = 64: 96.45 %.
     *
     * Nothing is ever given back: addTokens would raise all bandwidths, also those filled since the token was taken.
     */

    private final long requests;
    private final int windows;
    private final long deltaMillis;
    private final long phaseMillis;
    private final BucketConfiguration full;

    private StrictWindow(long requests, int windows, long deltaMillis, long phaseMillis) {
        this.requests = requests;
        this.windows = windows;
        this.deltaMillis = deltaMillis;
        this.phaseMillis = phaseMillis;
        // Fillings that lie in the past are made up for at first use and change nothing in what is full already.
        this.full = configuration(requests, 0);
    }

    /** At most {@code requests} in any stretch of {@code per} + guard. */
    static StrictWindow of(long requests, Duration per, Tuning tuning) {
        long covered = per.plus(tuning.guard()).toMillis();
        long delta = -Math.floorDiv(-covered, tuning.windows() - 1L);
        return new StrictWindow(requests, tuning.windows(), delta, 0);
    }

    /** At most {@code requests} between two resets, {@code per} apart, one of which comes at {@code reset}. */
    static StrictWindow anchored(long requests, Duration per, Instant reset) {
        long phase = Math.floorMod(reset.toEpochMilli(), per.toMillis());
        return new StrictWindow(requests, 1, per.toMillis(), phase);
    }

    public long requests() {
        return requests;
    }

    /** P: what was spent is back after this long. */
    public Duration period() {
        return Duration.ofMillis(windows * deltaMillis);
    }

    /** A bucket that was not used for a period or more. */
    public BucketConfiguration full() {
        return full;
    }

    /**
     * A bucket that holds {@code tokens} at the wall-clock time {@code nowNanos} and is full again one period later at
     * the latest.
     */
    public BucketConfiguration holding(long tokens, long nowNanos) {
        return tokens >= requests ? full : configuration(tokens, Math.floorDiv(nowNanos, 1_000_000L));
    }

    /**
     * Whether a bucket stands under this window: Bucket4j stores the configuration with the bucket, and another replica may
     * have replaced it.
     */
    public boolean isOf(BucketConfiguration configuration) {
        var bandwidths = configuration.getBandwidths();
        return bandwidths.length == windows
                && requests(configuration) == requests
                && bandwidths[0].getRefillPeriodNanos() == period().toNanos()
                && Math.floorMod(bandwidths[0].getTimeOfFirstRefillMillis() - phaseMillis, deltaMillis) == 0;
    }

    /** How many a bucket gives in its window. */
    public static long requests(BucketConfiguration configuration) {
        return configuration.getBandwidths()[0].getCapacity();
    }

    private BucketConfiguration configuration(long tokens, long nowMillis) {
        long period = windows * deltaMillis;
        var builder = BucketConfiguration.builder();
        for (int i = 0; i < windows; i++) {
            long phase = phaseMillis + i * deltaMillis;
            long next = nowMillis - Math.floorMod(nowMillis - phase, period) + period;
            builder.addLimit(Bandwidth.builder()
                    .capacity(requests)
                    .refillIntervallyAligned(requests, Duration.ofMillis(period), Instant.ofEpochMilli(next))
                    .initialTokens(tokens)
                    .build());
        }
        return builder.build();
    }

    /**
     * @param windows M, how many bandwidths; more use the quota better and cost more time and space
     * @param guard how much longer than the quota's own interval each stretch is kept to it: permit-ttl, network jitter
     *     and clock error together
     */
    public record Tuning(int windows, Duration guard) {

        /** 96.45 % of a quota of 10 s. */
        public static final Tuning BURST = new Tuning(64, Duration.ofMillis(160));

        /** For a day whose beginning is not known: 96 % of it. */
        static final Tuning DAY = new Tuning(25, Duration.ofMinutes(1));

        public Tuning {
            if (windows < 2 || windows > 1024 || guard.isNegative()) {
                throw new IllegalArgumentException(
                        "a strict window takes 2 to 1024 windows and a guard of zero or more: " + windows + ", "
                                + guard);
            }
        }
    }
}
