package io.ghlgateway.credentials;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Work in many steps, or as often as it takes. Not by futures that complete one another, which for thousands of them is a
 * stack that overflows: each step ends before the next begins. Any thread.
 */
final class InTurn {

    private InTurn() {}

    /**
     * Some at once, the next after them.
     *
     * @return what came of each, in order; fails with the first that does, and then no further ones are begun
     */
    static <T, R> Future<List<R>> all(List<T> items, int atOnce, Function<T, Future<R>> step) {
        var turns = new Turns<>(items, atOnce, step);
        turns.goOn();
        return turns.end.future();
    }

    /** As above, whatever becomes of each. */
    static <T> Future<Void> each(List<T> items, int atOnce, Function<T, ? extends Future<?>> step) {
        return all(items, atOnce, item -> step.apply(item).transform(ended -> Future.succeededFuture()))
                .mapEmpty();
    }

    /**
     * Again and again until it succeeds.
     *
     * @param told of each failure
     */
    static <T> Future<T> untilDone(Supplier<Future<T>> work, Pause pause, Duration rest, Consumer<Throwable> told) {
        Promise<T> end = Promise.promise();
        attempt(end, work, pause, rest, told);
        return end.future();
    }

    private static <T> void attempt(
            Promise<T> end, Supplier<Future<T>> work, Pause pause, Duration rest, Consumer<Throwable> told) {
        work.get().onSuccess(end::complete).onFailure(failure -> {
            told.accept(failure);
            pause.of(rest).onComplete(rested -> attempt(end, work, pause, rest, told));
        });
    }

    private static final class Turns<T, R> {

        private final List<T> items;
        private final int atOnce;
        private final Function<T, Future<R>> step;
        private final List<R> results = new ArrayList<>(); // touched by one turn after the other
        private final Promise<List<R>> end = Promise.promise();

        Turns(List<T> items, int atOnce, Function<T, Future<R>> step) {
            this.items = items;
            this.atOnce = atOnce;
            this.step = step;
        }

        void goOn() {
            while (results.size() < items.size()) {
                int from = results.size();
                int to = Math.min(items.size(), from + atOnce);
                var turn =
                        Future.join(items.subList(from, to).stream().map(step).toList());
                if (!turn.isComplete()) {
                    turn.onSuccess(done -> {
                                results.addAll(done.list());
                                goOn();
                            })
                            .onFailure(end::fail);
                    return;
                }
                if (turn.failed()) {
                    end.fail(turn.cause());
                    return;
                }
                results.addAll(turn.result().list());
            }
            end.complete(results);
        }
    }
}
