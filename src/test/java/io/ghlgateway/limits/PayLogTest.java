package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PayLogTest {

    private static final long KEEP = 300;

    private final PayLog log = new PayLog();

    private static Reading reading(long number) {
        return new Reading(
                100, number, new Restraint((int) number % 7, Restraint.UNBOUND - (int) number % 3), number, 5);
    }

    @Property(tries = 300)
    void anEntryIsFoundAsItWasAddedUntilItIsOlderThanThatIsKept(
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 20) Integer> steps) {
        var log = new PayLog();
        var all = new ArrayList<PayLog.Entry>();
        long now = 1_000;
        long taken = 0;
        for (int step : steps) {
            now += step;
            taken += step;
            log.add(now, reading(taken), step, KEEP);
            all.add(new PayLog.Entry(now, reading(taken), step, taken));
        }

        long latest = now;
        var kept = all.stream().filter(entry -> latest - entry.paidAt() <= KEEP).toList();
        for (var entry : all) {
            assertThat(log.at(entry.paidAt())).isEqualTo(kept.contains(entry) ? entry : null);
            assertThat(log.around(entry.paidAt(), 40))
                    .isEqualTo(kept.stream()
                            .filter(other -> Math.abs(other.paidAt() - entry.paidAt()) <= 40)
                            .mapToInt(PayLog.Entry::count)
                            .sum());
        }
        for (var entry : kept) {
            assertThat(log.takenSince(entry)).isEqualTo(taken - entry.taken());
        }
    }

    @Test
    void ofAKeyThatPaysWithoutEndTheLatestThousandAreKept() {
        for (int i = 1; i <= 5_000; i++) {
            log.add(i, reading(i), 1, Long.MAX_VALUE);
        }
        assertThat(log.at(5_000 - 1_024)).isNull();
        assertThat(log.at(5_000 - 1_023)).isNotNull();
        assertThat(log.around(5_000, 10_000)).isEqualTo(1_024);
    }

    @Test
    void afterItWasClearedNothingOfBeforeIsFound() {
        log.add(1, reading(1), 1, KEEP);
        log.clear();
        assertThat(log.at(2)).isNull();
        log.add(3, reading(2), 1, KEEP);
        assertThat(log.at(4)).isNotNull();
    }
}
