package io.ghlgateway.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopWatchTest {

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void begin() {
        EventLoopWatch.drain(); // what others did is not what these are about
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void whatWaitsOnAnEventLoopFailsAndIsToldOf() {
        var latch = new CountDownLatch(1);

        var waited = onLoop(() -> latch.await(1, TimeUnit.MILLISECONDS));

        assertThat(Await.failure(waited)).hasMessageContaining("would block").hasMessageContaining("park");
        assertThat(EventLoopWatch.drain()).hasSize(1);
    }

    @Test
    void aWorkerMayWait() {
        var latch = new CountDownLatch(1);

        assertThat(Await.result(vertx.executeBlocking(() -> latch.await(1, TimeUnit.MILLISECONDS))))
                .isFalse();
        assertThat(EventLoopWatch.drain()).isEmpty();
    }

    private Future<Boolean> onLoop(Callable<Boolean> work) {
        Promise<Boolean> done = Promise.promise();
        vertx.runOnContext(never -> {
            try {
                done.complete(work.call());
            } catch (Throwable blocked) {
                done.fail(blocked);
            }
        });
        return done.future();
    }
}
