package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What holds of a lane whatever happens in whatever order. The order of a failure comes again with its seed. */
class LaneInvariantsTest {

    private static final int STEPS = 250;

    @Property(tries = 1_500, shrinking = ShrinkingMode.OFF)
    void everyCallEndsOnceAndEveryPermitIsSentOrLostInTheWorstOfWorlds(@ForAll long seed, @ForAll boolean slowStore) {
        var world = new LaneSimulation(seed);
        world.hops = true;
        world.slowConnects = true;
        world.troubles = true;
        world.departures = true;
        world.urgencies = true;
        world.budget.slow = slowStore;

        run(world);

        assertAllSettled(world);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void permitsGoToTheNextWhenCallersHangUpBetweenPaymentAndSend(@ForAll long seed) {
        var world = new LaneSimulation(seed);
        world.hops = true;
        world.departures = true;
        world.budget.slow = true;

        run(world);

        assertAllSettled(world);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void sendsInOrderOfArrivalWhenConnectionsAreThereAtOnce(@ForAll long seed, @ForAll boolean slowStore) {
        var world = new LaneSimulation(seed);
        world.departures = true;
        world.budget.slow = slowStore;

        run(world);

        assertAllSettled(world);
        assertThat(world.sent).as("numbers of arrival in order of sending").isSorted();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void nobodyWaitsLongerThanItSaid(@ForAll long seed) {
        var world = new LaneSimulation(seed);
        world.departures = true;

        run(world);

        assertAllSettled(world);
        assertThat(world.rides)
                .allSatisfy(ride -> assertThat(ride.endedAt)
                        .isLessThanOrEqualTo(ride.call.deadline().at()));
    }

    private static void run(LaneSimulation world) {
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.finish();
    }

    private static void assertAllSettled(LaneSimulation world) {
        assertThat(world.time.pending()).as("timers left").isZero();
        world.arrive(Duration.ofSeconds(60)); // a permit that nobody took is given up when the next call comes
        world.finish();

        assertThat(world.broken).isEmpty();
        assertThat(world.rides).allSatisfy(ride -> assertThat(ride.ends).isEqualTo(1));
        assertThat(world.lanes.waiting()).isZero();
        assertThat(world.open).as("connections held by nobody").isZero();
        assertThat(world.sent.size() + world.lost).as("sent or lost").isEqualTo(world.budget.paid);
        assertThat(world.rides).allSatisfy(ride -> {
            if (ride.outcome instanceof Outcome.Answered) {
                assertThat(ride.sends).isPositive();
            }
        });
    }
}
