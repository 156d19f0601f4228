package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More steps than any stack is deep. */
class InTurnTest {

    private static final int MANY = 200_000;

    @Test
    void anyNumberOfStepsThatEndAtOnce() throws Exception {
        var items = IntStream.range(0, MANY).boxed().toList();

        var doubled = await(InTurn.all(items, 1, item -> Future.succeededFuture(item * 2)));

        assertThat(doubled).hasSize(MANY).endsWith((MANY - 1) * 2);
    }

    @Test
    void anyNumberOfStepsThatEndLaterAndElsewhere() throws Exception {
        var elsewhere = Executors.newSingleThreadExecutor();
        try {
            var items = IntStream.range(0, MANY).boxed().toList();
            var done = new AtomicInteger();

            await(InTurn.each(items, 3, item -> {
                Promise<Integer> promise = Promise.promise();
                elsewhere.execute(() -> {
                    done.incrementAndGet();
                    promise.fail("whatever becomes of it");
                });
                return promise.future();
            }));

            assertThat(done).hasValue(MANY);
        } finally {
            elsewhere.shutdown();
        }
    }

    @Test
    void noneIsBegunAfterOneThatFails() {
        var begun = new AtomicInteger();

        var all = InTurn.all(List.of(1, 2, 3), 1, item -> {
            begun.incrementAndGet();
            return item == 2 ? Future.failedFuture("no") : Future.succeededFuture(item);
        });

        assertThat(all.failed()).isTrue();
        assertThat(begun).hasValue(2);
    }

    @Test
    void asOftenAsItTakes() throws Exception {
        var elsewhere = Executors.newSingleThreadExecutor();
        try {
            var tries = new AtomicInteger();
            Pause pause = length -> {
                Promise<Void> rested = Promise.promise();
                elsewhere.execute(rested::complete);
                return rested.future();
            };

            var end = InTurn.untilDone(
                    () -> tries.incrementAndGet() < MANY
                            ? Future.failedFuture("away")
                            : Future.succeededFuture("there"),
                    pause,
                    Duration.ofMillis(250),
                    failure -> {});

            assertThat(await(end)).isEqualTo("there");
        } finally {
            elsewhere.shutdown();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
