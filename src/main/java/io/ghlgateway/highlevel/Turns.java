package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeoutException;

/**
 * So many at a time, and the rest in the order in which they came. Every turn that was had is given back. Lives on one
 * event loop and is used on it alone.
 */
final class Turns {

    private final Vertx vertx;
    private final int atOnce;
    private final Duration patience;
    private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
    private int taken;

    /** @param patience how long one waits for a turn, at most */
    Turns(Vertx vertx, int atOnce, Duration patience) {
        this.vertx = vertx;
        this.atOnce = atOnce;
        this.patience = patience;
    }

    /** @return fails with {@link TimeoutException}, and then there is nothing to give back */
    Future<Void> take() {
        if (taken < atOnce) {
            taken++;
            return Future.succeededFuture();
        }
        var turn = Promise.<Void>promise();
        waiting.add(turn);
        long timer = vertx.setTimer(patience.toMillis(), id -> {
            if (waiting.remove(turn)) {
                turn.fail(new TimeoutException());
            }
        });
        return turn.future().andThen((had, failure) -> vertx.cancelTimer(timer));
    }

    /** The turn passes to who has waited longest. */
    void giveBack() {
        var next = waiting.poll();
        if (next != null) {
            next.complete();
        } else {
            taken--;
        }
    }
}
