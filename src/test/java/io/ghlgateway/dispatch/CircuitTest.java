package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream.Failed;
import io.ghlgateway.limits.BudgetKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitTest {

    private static final Failed REFUSED = new Failed(Failed.Stage.CONNECT, "refused");

    private final AtomicLong now = new AtomicLong(1_000);
    private final AtomicInteger opened = new AtomicInteger();
    private final FakeUpstream upstream = new FakeUpstream();
    private final Circuit circuit = new Circuit(now::get, new DispatchEvents() {
        @Override
        public void sent(BudgetKey key, String caller, Duration sincePaid) {}

        @Override
        public void settled(BudgetKey key, Duration took) {}

        @Override
        public void upstream429(BudgetKey key) {}

        @Override
        public void permitLost(BudgetKey key) {}

        @Override
        public void circuitOpened() {
            opened.incrementAndGet();
        }
    });

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.note(null, REFUSED);
        }
    }

    private Reply reply(int status) {
        return upstream.reply(status);
    }

    @Test
    void opensAtTwentyFailuresInARow() {
        fail(19);
        assertThat(circuit.lets()).isTrue();

        fail(1);

        assertThat(circuit.lets()).isFalse();
        assertThat(opened).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 429, 500})
    void staysClosedAsLongAsSomethingIsAnswered(int status) {
        for (int i = 0; i < 10; i++) {
            fail(19);
            circuit.note(reply(status), null);
        }
        assertThat(circuit.lets()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504, 522})
    void aWordThatTheServiceIsOutOfReachIsNoAnswer(int status) {
        for (int i = 0; i < 20; i++) {
            circuit.note(reply(status), null);
        }
        assertThat(circuit.lets()).isFalse();
    }

    @Test
    void whatTheCallerBrokeOffSaysNothing() {
        for (int i = 0; i < 50; i++) {
            circuit.note(null, new CallerGoneException());
        }
        assertThat(circuit.lets()).isTrue();
    }

    @Test
    void letsOneThroughEachSecondAndAllAfterTheFirstThatIsAnswered() {
        fail(20);
        now.addAndGet(Circuit.PROBE_EVERY.toNanos());
        assertThat(circuit.lets()).isTrue();
        assertThat(circuit.lets()).isFalse();
        fail(1);
        now.addAndGet(Circuit.PROBE_EVERY.toNanos());
        assertThat(circuit.lets()).isTrue();

        circuit.note(reply(200), null);

        assertThat(circuit.lets()).isTrue();
        assertThat(circuit.lets()).isTrue();
        assertThat(opened).hasValue(1);
    }
}
