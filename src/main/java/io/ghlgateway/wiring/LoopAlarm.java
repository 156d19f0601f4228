package io.ghlgateway.wiring;

import io.ghlgateway.dispatch.Alarm;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/** The event loops as timers. */
final class LoopAlarm {

    private LoopAlarm() {}

    /** Timers on the loop that sets them, or on one of their own for those who set them from elsewhere. */
    static Alarm of(Vertx vertx) {
        var elsewhere = ((VertxInternal) vertx).createEventLoopContext();
        return (delay, action) -> {
            var here = ContextInternal.current();
            long millis = Math.max(1, delay.plusNanos(999_999).toMillis());
            long timer = (here == null ? elsewhere : here).setTimer(millis, id -> action.run());
            return () -> vertx.cancelTimer(timer);
        };
    }
}
