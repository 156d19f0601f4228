package io.ghlgateway.admin;

import io.ghlgateway.limits.BudgetKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What went on at this replica of late, for the console. All of it is bounded, and asking costs requests nothing. Any thread.
 *
 * <p>A minute is one of 60 to 65 s, a day one of 24 to 25 h; both are shorter while the replica is younger.
 */
public interface Activity {

    /** How often something happened: since the start, in the last minute and in the last day. */
    record Count(long total, long minute, long day) {
        public static final Count NONE = new Count(0, 0, 0);

        public Count and(Count other) {
            return new Count(total + other.total, minute + other.minute, day + other.day);
        }
    }

    /** Sends of one quota for one caller, retries included. */
    record Spender(String caller, Count sends) {}

    /** What a request was refused for, by its code and what stood in its way ({@code -} where nothing did). */
    record Reason(String code, String cause) {}

    /** An answer of the gateway's own. {@code tenant} and {@code caller} are {@code -} where they are not known. */
    record Refused(Instant at, Reason reason, int status, String caller, String tenant, String route) {}

    /** How long those waited that were sent or refused after a wait, in the last minute; each at most 25 % too long. */
    record Waits(long answers, Duration median, Duration p99) {}

    Instant since();

    /** How long the last minute is. */
    Duration minute();

    /** Answers by outcome. */
    Map<String, Count> answers();

    Count sends();

    /** Sends that the upstream refused though they were paid for. */
    Count upstream429();

    Waits waits();

    /** Who sent of this quota in the last day. */
    List<Spender> spenders(BudgetKey key);

    /** The quotas of which most is sent, that of the most first; a few dozen, and as of some seconds ago where there are more. */
    List<BudgetKey> busiest();

    /** Quotas that gave nothing for more than a short window's while, as far as that was noticed; a few at most. */
    Collection<BudgetKey> dry();

    /** One of {@link #dry} gives again. */
    void flows(BudgetKey key);

    Map<Reason, Count> refusals();

    /** By tenant, who was refused in the last minute. */
    Map<String, Long> refusedTenants();

    /** The latest first. */
    List<Refused> latestRefused();
}
