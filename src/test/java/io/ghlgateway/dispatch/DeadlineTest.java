package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final long NOW = Long.MAX_VALUE - 5; // a monotonic clock may run over
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Deadline deadline = Deadline.after(NOW, PATIENCE);

    @Test
    void aSendMayBeginInItsLastMomentAndNotLater() {
        assertThat(deadline.allows(NOW, PATIENCE)).isTrue();
        assertThat(deadline.allows(NOW, PATIENCE.plusNanos(1))).isFalse();
        assertThat(deadline.allows(NOW + 1, PATIENCE)).isFalse();
    }

    @Test
    void isOverAfterItsLastMoment() {
        assertThat(deadline.isOver(NOW + PATIENCE.toNanos())).isFalse();
        assertThat(deadline.isOver(NOW + PATIENCE.toNanos() + 1)).isTrue();
    }

    @Test
    void tellsWhenItBeganAndWhatIsLeft() {
        assertThat(deadline.began()).isEqualTo(NOW);
        assertThat(deadline.left(NOW + 1_000)).isEqualTo(PATIENCE.minusNanos(1_000));
        assertThat(deadline.left(NOW + PATIENCE.toNanos() * 2)).isZero();
    }

    @Test
    void onlyWhoDoesNotWaitAtAllIsImpatient() {
        assertThat(Deadline.after(NOW, Duration.ZERO).isImpatient()).isTrue();
        assertThat(deadline.isImpatient()).isFalse();
    }
}
