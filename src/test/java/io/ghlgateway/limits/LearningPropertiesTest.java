package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RateHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Sends, an upstream that counts them, changes its mind and serves others too, and replies that come in any order: what
 * holds whatever happens first.
 */
class LearningPropertiesTest {

    private enum Kind {
        SPEND,
        REPLY,
        LATEST_REPLY,
        OTHERS_SPEND,
        NEW_QUOTA,
        WAIT
    }

    private record Step(Kind kind, int amount) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        var kinds = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(Kind.SPEND)),
                Tuple.of(5, Arbitraries.just(Kind.REPLY)),
                Tuple.of(2, Arbitraries.just(Kind.LATEST_REPLY)),
                Tuple.of(1, Arbitraries.just(Kind.OTHERS_SPEND)),
                Tuple.of(1, Arbitraries.just(Kind.NEW_QUOTA)),
                Tuple.of(2, Arbitraries.just(Kind.WAIT)));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 100))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    @Property(tries = 500)
    void noIntervalEverCarriesMoreThanTheQuotaInForceWhateverOrderRepliesComeIn(@ForAll("steps") List<Step> steps) {
        var world = new World();

        for (var step : steps) {
            world.take(step);

            assertThat(world.sentWithinAnInterval()).isLessThanOrEqualTo(world.mostInForce());
        }
    }

    @Property(tries = 500)
    void theDayLosesWhatWasPaidAndWhatOthersSpentAndNothingElse(@ForAll("steps") List<Step> steps) {
        var world = new World();

        for (var step : steps) {
            world.take(step);

            long left = BudgetsContract.dayLeft(world.budget);
            assertThat(left).isBetween(Math.max(0, world.dayInForce() - world.ours - world.others), world.dayInForce());
            if (!world.cramped) {
                assertThat(world.foreign).isLessThanOrEqualTo(world.others);
            }
        }
    }

    @Property(tries = 500)
    void afterTheLatestReplyNoMoreIsLeftThanItSaid(@ForAll("steps") List<Step> steps) {
        var world = new World();

        for (var step : steps) {
            world.take(step);

            if (step.kind() == Kind.LATEST_REPLY) {
                assertThat(BudgetsContract.dayLeft(world.budget)).isLessThanOrEqualTo(world.remaining());
            }
        }
    }

    /** The upstream and the budget before it, in one thread. Its intervals are all as long; only their quota changes. */
    private static final class World {

        private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
        private final List<RateHeaders> replies = new ArrayList<>();
        private final Deque<Instant> sent = new ArrayDeque<>();
        private final Budget budget;
        private Limit quota = BudgetsContract.LIMIT;
        private boolean justSent;
        private boolean cramped; // a day smaller than what is spent of it knows no debt: later that counts as foreign
        private long ours;
        private long others;
        private long foreign;

        World() {
            var events = new LimitEvents() {
                @Override
                public void foreign(BudgetKey key, long sends) {
                    foreign += sends;
                }
            };
            budget = BucketBudgets.inMemory(
                            BudgetsContract.settings(quota, true), SpendJournal.none(), time, time, events)
                    .of(BudgetsContract.ACME);
        }

        void take(Step step) {
            justSent = false;
            switch (step.kind()) {
                case SPEND -> send(BudgetsContract.spend(budget, step.amount() + 1));
                case REPLY -> {
                    if (!replies.isEmpty()) {
                        budget.observe(replies.remove(step.amount() % replies.size()), BudgetsContract.LONG_AGO);
                    }
                }
                case LATEST_REPLY -> budget.observe(reply(), BudgetsContract.LONG_AGO);
                case OTHERS_SPEND -> others += Math.min(step.amount() * 20L, remaining());
                case NEW_QUOTA ->
                    quota = new Limit(10 + step.amount(), BudgetsContract.TEN_SECONDS, 2_000 + 500L * step.amount());
                case WAIT -> time.advance(Duration.ofMillis(step.amount() * 50L));
            }
            cramped |= Math.min(remaining(), BudgetsContract.dayLeft(budget)) < 200;
        }

        private void send(int sends) {
            ours += sends;
            justSent = sends > 0;
            for (int i = 0; i < sends; i++) {
                sent.addLast(time.instant());
                replies.add(reply());
            }
        }

        private RateHeaders reply() {
            return BudgetsContract.saysLeft(quota.requests(), quota.daily(), remaining());
        }

        long remaining() {
            return Math.max(0, quota.daily() - ours - others);
        }

        long dayInForce() {
            return budget.limit().daily();
        }

        int mostInForce() {
            return budget.limit().requests();
        }

        /** What the latest send shares its interval with, itself included; zero unless it was the last step. */
        int sentWithinAnInterval() {
            if (!justSent) {
                return 0;
            }
            var begin = time.instant().minus(BudgetsContract.TEN_SECONDS);
            while (!sent.isEmpty() && !sent.getFirst().isAfter(begin)) {
                sent.removeFirst();
            }
            return sent.size();
        }
    }
}
