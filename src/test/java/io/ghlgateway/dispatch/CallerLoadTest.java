package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is woken when a place is free again. */
class CallerLoadTest {

    private final CallerLoad load = new CallerLoad(3);
    private final List<Integer> woken = new ArrayList<>();

    @Test
    void eachFreedPlaceWakesOneHoweverManyAreBlocked() {
        block(1_000);

        load.release(1);
        assertThat(woken).containsExactly(0);
        load.release(2);

        assertThat(woken).containsExactly(0, 1, 2);
    }

    @Test
    void whoHasNoUseForAPlacePassesItOnUntilItIsTaken() {
        block(1_000);

        load.release(1);
        load.pass(1);
        assertThat(woken).containsExactly(0, 1);
        assertThat(load.take(1)).isEqualTo(1);
        load.pass(1);

        assertThat(woken).as("nothing is left to pass on").containsExactly(0, 1);
    }

    @Test
    void whoIsWokenIsWokenOnceAndStandsLastAgainIfItAsks() {
        var asks = new Runnable() {
            @Override
            public void run() {
                woken.add(-1);
                load.tellWhenFree(this);
                load.tellWhenFree(this);
            }
        };
        load.tellWhenFree(asks);
        block(2);

        load.release(1);
        load.release(2);
        assertThat(woken).containsExactly(-1, 0, 1);
    }

    /** All places are taken. */
    private void block(int lanes) {
        assertThat(load.take(3)).isEqualTo(3);
        IntStream.range(0, lanes).forEach(lane -> load.tellWhenFree(() -> woken.add(lane)));
    }
}
