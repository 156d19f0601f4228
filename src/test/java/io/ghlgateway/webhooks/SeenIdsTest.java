package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void beyondItsBoundTheOldestAreForgottenAndNeverMore() {
        var seen = new SeenIds(1_600);
        int forgotten = 0;
        for (int i = 1; i <= 5_000; i++) {
            forgotten += seen.add(SeenIds.mark("e" + i), SeenIds.dayOf(NOON));
            assertThat(seen.count()).isLessThanOrEqualTo(1_600);
        }

        assertThat(forgotten).isEqualTo(5_000 - seen.count());
        assertThat(seen.count()).isGreaterThanOrEqualTo(1_500);
        for (int i = 3_501; i <= 5_000; i++) {
            assertThat(seen.has(SeenIds.mark("e" + i))).isTrue();
        }
        assertThat(seen.has(SeenIds.mark("e1"))).isFalse();
    }

    @Test
    void anIdIsKeptForAWholeWeekAndNotForTwo() {
        var seen = new SeenIds(1_000);
        for (int day = 0; day < 20; day++) {
            var then = NOON.plus(Duration.ofDays(day));
            seen.add(SeenIds.mark("d" + day), SeenIds.dayOf(then));
            seen.forget(then);
        }

        for (int day = 12; day < 20; day++) {
            assertThat(seen.has(SeenIds.mark("d" + day))).isTrue();
        }
        assertThat(seen.has(SeenIds.mark("d11"))).isFalse();
        assertThat(seen.count()).isEqualTo(8);
        assertThat(seen.all().stream().flatMapToLong(day -> Arrays.stream(day.marks())))
                .hasSize(8);
    }

    @Test
    void oneThatIsThereAlreadyTakesNoRoom() {
        var seen = new SeenIds(100);

        seen.add(7, 1);
        seen.add(7, 1);

        assertThat(seen.count()).isEqualTo(1);
    }
}
