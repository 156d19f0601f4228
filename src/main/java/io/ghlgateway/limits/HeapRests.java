package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rests in this process: nobody else needs to hear, so what is told holds at once. */
final class HeapRests implements Rests {

    private final TimeMeter clock;
    private final ConcurrentHashMap<Optional<BudgetKey>, Long> ends = new ConcurrentHashMap<>(); // by the clock

    HeapRests(TimeMeter clock) {
        this.clock = clock;
    }

    @Override
    public long nanos(Optional<BudgetKey> who) {
        return ends.isEmpty() ? 0 : Math.max(0, ends.getOrDefault(who, 0L) - clock.currentTimeNanos());
    }

    @Override
    public Future<Void> rest(Optional<BudgetKey> who, Duration pause) {
        long now = clock.currentTimeNanos();
        ends.values().removeIf(end -> end <= now);
        ends.merge(who, now + pause.toNanos(), Math::max);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> wake(Optional<BudgetKey> who) {
        ends.remove(who);
        return Future.succeededFuture();
    }
}
