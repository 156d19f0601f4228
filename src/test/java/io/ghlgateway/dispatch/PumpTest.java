package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PumpTest {

    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final Pump pump = new Pump(steps::poll);

    @Test
    void doesWhatAStepAddsAfterThatStepNotInsideIt() {
        steps.add(() -> {
            steps.add(() -> done.add("second"));
            pump.run();
            done.add("first");
        });

        pump.run();

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void worksOnAfterADefectOfOneStep() {
        steps.add(() -> {
            throw new IllegalStateException("a defect");
        });
        assertThatThrownBy(pump::run).hasMessage("a defect");
        steps.add(() -> done.add("next"));

        pump.run();

        assertThat(done).containsExactly("next");
    }
}
