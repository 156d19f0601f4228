package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private final AtomicLong now = new AtomicLong(1_000);
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final Circuit circuit = new Circuit(now::get, opened::incrementAndGet);

    private boolean connects() {
        return attempt(Future.succeededFuture("connection")).succeeded();
    }

    private Future<String> attempt(Future<String> end) {
        return circuit.attempt(() -> {
            made.incrementAndGet();
            return end;
        });
    }

    private void fail(int times, Throwable failure) {
        for (int i = 0; i < times; i++) {
            attempt(Future.failedFuture(failure));
        }
    }

    private void passASecond() {
        now.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void opensWhenTwentyAttemptsFailedInARowAndThenFailsAtOnce() {
        fail(19, new ConnectException("refused"));
        assertThat(opened).hasValue(0);
        fail(1, new ConnectException("refused"));

        assertThat(connects()).isFalse();

        assertThat(opened).hasValue(1);
        assertThat(made).hasValue(20);
    }

    @Test
    void staysClosedAsLongAsOneSucceedsInBetween() {
        for (int i = 0; i < 10; i++) {
            fail(19, new ConnectException("refused"));
            assertThat(connects()).isTrue();
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void whoWaitsInVainForOneOfOurOwnConnectionsSaysNothing() {
        fail(50, new TimeoutException("the pool is full"));

        assertThat(connects()).isTrue();
    }

    @Test
    void oneASecondIsMadeUntilOneSucceeds() {
        fail(20, new ConnectException("refused"));
        passASecond();
        fail(3, new ConnectException("refused"));
        assertThat(made).hasValue(21);
        assertThat(connects()).isFalse();
        passASecond();

        assertThat(connects()).isTrue();

        assertThat(connects()).isTrue();
        assertThat(opened).hasValue(1);
    }

    @Test
    void oneThatTakesLongKeepsNoOtherFromBeingMade() {
        fail(20, new ConnectException("refused"));
        passASecond();
        attempt(Promise.<String>promise().future());
        passASecond();

        assertThat(connects()).isTrue();
    }
}
