package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeTry;

/** Who goes before whom. */
class LineTest {

    private static final Caller CALLER = Callers.any("billing");
    private static final Caller BULK = Callers.any("bulk");
    private static final Caller INTERACTIVE = Callers.any("interactive");
    private static final Tenant TENANT = new Tenant("acme", FakeBudget.KEY.app(), FakeBudget.KEY.resource());

    private Occupancy occupancy;
    private Line line;

    @BeforeTry
    void begin() {
        occupancy = new Occupancy(new Lanes.Bounds(10_000, 10_000, 10_000));
        line = new Line(occupancy);
    }

    @Example
    void whoHadATurnBeforeGoesFirst() {
        var urgent = arrive(0);
        var sentBack = waiter(7);
        line.number(sentBack, true);
        line.add(sentBack);

        assertThat(line.poll()).isSameAs(sentBack);
        assertThat(line.poll()).isSameAs(urgent);
        assertThat(line.poll()).isNull();
    }

    /** As after a storm of 429s. A gate is no head start. */
    @Example
    void allWhoHadATurnBeforeGoInOrderOfArrivalWhicheverCallersTheyAre() {
        var gate = new Gate(true, new CallerLoad(100), null, () -> {});
        var sentBack = new ArrayList<Waiter>();
        for (int i = 0; i < 12; i++) {
            boolean isGated = i % 4 == 3;
            var waiter = waiter(7, isGated ? BULK : CALLER, isGated ? gate : null);
            line.number(waiter, true);
            assertThat(line.before(waiter)).isEqualTo(i);
            line.add(waiter);
            sentBack.add(waiter);
        }

        assertThat(poll(12)).containsExactlyElementsOf(sentBack);
    }

    @Example
    void whoGotTheTurnOfTheOldestKeepsItUntilItIsPaidFor() {
        var bulk = arrive(7);
        for (int i = 0; i < 20; i++) {
            arrive(0);
        }
        poll(9);

        assertThat(line.poll()).isSameAs(bulk);
        line.add(bulk);
        assertThat(line.poll()).isSameAs(bulk);
    }

    @Example
    void aTurnThatCameToNothingOvertakesNobody() {
        var bulk = arrive(7);
        for (int i = 0; i < 20; i++) {
            arrive(0);
        }
        for (int i = 0; i < 50; i++) {
            line.add(poll(1).get(0));
        }

        assertThat(poll(9)).doesNotContain(bulk);
        assertThat(line.poll()).isSameAs(bulk);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theMoreUrgentGoFirstInOrderOfArrivalWhenNobodyIsOvertakenForLong(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var all = new ArrayList<Waiter>();
        for (int i = random.nextInt(1, 10); i > 0; i--) {
            all.add(arrive(random.nextInt(8)));
        }

        var polled = poll(all.size());

        all.sort(
                Comparator.comparingInt((Waiter waiter) -> waiter.call.urgency().level())
                        .thenComparingLong(waiter -> waiter.ticket));
        assertThat(polled).containsExactlyElementsOf(all);
    }

    /** Whatever comes and goes, the oldest gets one turn of ten. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void nobodyStarves(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var inLine = new ArrayList<Waiter>();
        int sinceOldest = 0;
        for (int step = 0; step < 1_000; step++) {
            if (random.nextInt(100) < 52) {
                inLine.add(arrive(random.nextInt(8)));
            } else if (random.nextInt(10) == 0 && !inLine.isEmpty()) {
                line.finish(inLine.remove(random.nextInt(inLine.size())));
            } else if (!inLine.isEmpty()) {
                var polled = poll(1).get(0);
                sinceOldest = polled == inLine.get(0) ? 0 : sinceOldest + 1;
                inLine.remove(polled);
                line.finish(polled);
            }

            assertThat(sinceOldest).as("turns since one went to the oldest").isLessThanOrEqualTo(9);
            assertThat(line.all()).isEqualTo(inLine.size());
        }
    }

    /** At most so many go before one as was said when it came, if nobody comes later; and in a line of equals, so many. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void saysTruly(@ForAll long seed, @ForAll boolean equals) {
        var random = new SplittableRandom(seed);
        int most = random.nextInt(1, 200);
        for (int i = 0; i < most; i++) {
            arrive(equals ? 3 : random.nextInt(8));
        }
        poll(random.nextInt(most));
        int urgency = equals ? 3 : random.nextInt(8);
        var last = waiter(urgency);
        line.number(last, false);
        int said = line.before(last);
        line.add(last);

        int before = poll(line.all()).indexOf(last);

        assertThat(before).isLessThanOrEqualTo(said);
        if (equals) {
            assertThat(before).isEqualTo(said);
        } else if (urgency == 0) {
            assertThat(said).isLessThanOrEqualTo(before + 1);
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void countsThoseWhoseWaitIsBeingPredicted(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var counts = new HashMap<Integer, Integer>();
        for (int i = 0; i < 8; i++) { // so few that none of them is overtaken too often
            var waiter = waiter(random.nextInt(8));
            line.number(waiter, false);
            line.expect(waiter);
            if (random.nextInt(3) == 0) {
                line.finish(waiter);
            } else {
                counts.merge(waiter.rank, 1, Integer::sum);
                if (random.nextBoolean()) {
                    line.add(waiter);
                }
            }
        }

        for (int urgency = 0; urgency < 8; urgency++) {
            var next = waiter(urgency);
            line.number(next, false);
            int expected = counts.entrySet().stream()
                    .filter(entry -> entry.getKey() <= next.rank)
                    .mapToInt(entry -> entry.getValue())
                    .sum();
            assertThat(line.before(next)).isEqualTo(expected);
        }
        assertThat(line.all())
                .isEqualTo(counts.values().stream().mapToInt(n -> n).sum());
    }

    @Example
    void oneRequestOfACallerNeedNotWaitForAThousandOfAnother() {
        for (int i = 0; i < 1_000; i++) {
            arrive(3, BULK);
        }
        poll(10);
        var single = waiter(3, INTERACTIVE);
        line.number(single, false);
        assertThat(line.before(single)).isLessThanOrEqualTo(1);
        occupancy.enterUnchecked(single);
        line.add(single);

        assertThat(poll(2)).contains(single);
    }

    @Example
    void callersGetTurnsByTheirWeights() {
        var heavy = Callers.any("heavy", 3);
        for (int i = 0; i < 100; i++) {
            arrive(3, BULK);
            arrive(3, heavy);
        }

        var polled = poll(80);

        assertThat(polled.stream().filter(waiter -> waiter.call.caller() == heavy))
                .hasSizeBetween(59, 61);
    }

    @Example
    void aTurnThatCameToNothingIsNotCharged() {
        for (int i = 0; i < 20; i++) {
            arrive(3, BULK);
            arrive(3, INTERACTIVE);
        }
        for (int i = 0; i < 50; i++) {
            line.add(poll(1).get(0));
        }

        assertThat(poll(10).stream().filter(waiter -> waiter.call.caller() == BULK))
                .hasSize(5);
    }

    @Example
    void whoComesBackAtOnceIsNotServedBeforeAllOthersAgain() {
        for (int i = 0; i < 100; i++) {
            arrive(3, BULK);
            arrive(3, CALLER);
        }
        int turns = 0;
        for (int i = 0; i < 90; i++) {
            if (i % 3 == 0) {
                arrive(3, INTERACTIVE);
            }
            turns += poll(1).get(0).call.caller() == INTERACTIVE ? 1 : 0;
        }

        assertThat(turns).isBetween(28, 31);
    }

    /** Of callers of any weight, too: at most so many go before one as was said, and hardly fewer. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void saysTrulyOfManyCallers(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var callers = new ArrayList<Caller>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            callers.add(Callers.any("caller-" + i, random.nextInt(1, 10)));
        }
        int most = random.nextInt(1, 200);
        for (int i = 0; i < most; i++) {
            arrive(3, callers.get(random.nextInt(callers.size())));
        }
        poll(random.nextInt(most));
        var last = waiter(3, callers.get(random.nextInt(callers.size())));
        line.number(last, false);
        int said = line.before(last);
        occupancy.enterUnchecked(last);
        line.add(last);

        int before = poll(line.all()).indexOf(last);

        assertThat(before).isBetween(said - callers.size(), said);
    }

    private List<Waiter> poll(int count) {
        var polled = new ArrayList<Waiter>();
        for (int i = 0; i < count; i++) {
            var waiter = line.poll();
            waiter.state = Waiter.State.CONNECTING;
            polled.add(waiter);
        }
        return polled;
    }

    @Example
    void ofThoseBeforeOneItTellsHowManyAreNotInteractive() {
        arrive(0);
        arrive(2);
        arrive(3);
        arrive(5);
        var last = arrive(5, BULK);

        assertThat(line.beforeLessUrgent(last)).isEqualTo(2);
        assertThat(line.beforeLessUrgent(arrive(7))).isEqualTo(3);
    }

    @Example
    void whoIsNextAndDoesNotWaitEndsWhereAnotherLaneHasTheTurn() {
        var hasty = waiter(0, CALLER, null, Duration.ZERO);
        line.number(hasty, false);
        occupancy.enterUnchecked(hasty);
        line.add(hasty);
        var patient = arrive(3);

        assertThat(line.finishImpatient()).isSameAs(hasty);
        assertThat(line.finishImpatient()).as("who waits stays").isNull();
        assertThat(line.poll()).isSameAs(patient);
        assertThat(line.finishImpatient()).as("nobody is there").isNull();
    }

    @Example
    void itKnowsWhetherSomebodysCallerHasAQuota() {
        var gate = new Gate(true, new CallerLoad(100), null, () -> {});
        var waiter = waiter(3, BULK, gate);
        arrive(3);
        assertThat(line.hasCallerGated()).isFalse();

        line.number(waiter, false);
        occupancy.enterUnchecked(waiter);
        line.add(waiter);
        assertThat(line.hasCallerGated()).isTrue();

        line.finish(waiter);
        assertThat(line.hasCallerGated()).isFalse();
    }

    private Waiter arrive(int urgency) {
        return arrive(urgency, CALLER);
    }

    private Waiter arrive(int urgency, Caller caller) {
        var waiter = waiter(urgency, caller);
        line.number(waiter, false);
        occupancy.enterUnchecked(waiter);
        line.add(waiter);
        return waiter;
    }

    private static Waiter waiter(int urgency) {
        return waiter(urgency, CALLER);
    }

    private static Waiter waiter(int urgency, Caller caller) {
        return waiter(urgency, caller, null);
    }

    private static Waiter waiter(int urgency, Caller caller, Gate gate) {
        return waiter(urgency, caller, gate, Duration.ofSeconds(25));
    }

    private static Waiter waiter(int urgency, Caller caller, Gate gate, Duration patience) {
        var call = new Call(
                caller,
                TENANT,
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(HttpMethod.GET, "/", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                Deadline.after(0, patience),
                new Urgency(urgency),
                Runnable::run);
        return new Waiter(call, gate, 0, () -> Future.failedFuture("unused"));
    }
}
