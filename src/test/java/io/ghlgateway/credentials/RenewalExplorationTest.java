package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RenewalWorld.Faults;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * No order of events loses a token: two replicas renew the same installation, and at every step one may be killed, an
 * answer lost, the store put back. All orders with the given numbers of faults are tried, each from its beginning. What
 * must hold at the end of each: the token can be renewed once more; and where every replica came back within HighLevel's
 * grace, without having had to reconnect.
 */
class RenewalExplorationTest {

    @Test
    void noCrashLosesAToken() {
        explore(new Faults(1, 1, 0, 0, 0));
    }

    @Test
    void noLateRestartLosesAToken() {
        explore(new Faults(1, 1, 1, 0, 0));
    }

    @Test
    void noLostAnswerLosesAToken() {
        explore(new Faults(1, 0, 0, 1, 0));
    }

    @Test
    void noStoreThatForgetsLosesAToken() {
        explore(new Faults(1, 0, 0, 0, 1));
    }

    @Test
    void noTwoFaultsLoseAToken() {
        explore(new Faults(0, 1, 0, 1, 0));
        explore(new Faults(0, 2, 0, 0, 0));
        explore(new Faults(0, 1, 0, 0, 1));
        explore(new Faults(0, 0, 0, 1, 1));
    }

    @Test
    void manyFaultsAtRandomLoseNoToken() {
        long runs = Long.getLong("exploration.runs", 3_000);
        LongStream.range(0, runs).forEach(seed -> check(Choices.random(seed), new Faults(6, 3, 1, 3, 1)));
    }

    private static void explore(Faults faults) {
        List<Integer> prefix = List.of();
        int runs = 0;
        for (; prefix != null; runs++) {
            var choices = Choices.following(prefix);
            check(choices, faults);
            prefix = choices.successor();
        }
        assertThat(runs).isGreaterThan(1);
    }

    private static void check(Choices choices, Faults faults) {
        var world = new RenewalWorld(choices, faults);
        try {
            world.run();
            world.renewOnceMore();
            assertThat(world.lost()).as("lost").isFalse();
            if (!world.wasLate) {
                assertThat(world.reconnects()).as("reconnects").isZero();
            }
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(failure.getMessage() + "\n  " + world.told(), failure);
        }
    }
}
