package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is learned while the store that must be told of it answers late or not at all. */
class LearningTest {

    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final FragileStore store = new FragileStore();
    private final List<Limit> told = new ArrayList<>();
    private final KeyBudget budget = budget();

    @Test
    void aQuotaThatTheStoreWasNotToldOfIsPaidFromOnlyOnceItWas() {
        Await.result(budget.trySpend(10));
        store.answers = false;

        budget.observe(BudgetsContract.says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        var refused = Await.result(budget.trySpend(100));
        store.answers = true;
        var granted = Await.result(budget.trySpend(100));

        assertThat(refused.granted()).isZero();
        assertThat(refused.cause()).isEqualTo(Cause.DEGRADED);
        assertThat(granted.granted()).isEqualTo(15);
    }

    @Test
    void withTheStoreLostAReplicaGoesOnUnderWhatItLearned() {
        store.answers = false;
        store.degraded = true;

        budget.observe(BudgetsContract.says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);

        assertThat(Await.result(budget.trySpend(1)).granted()).isOne();
    }

    @Test
    void tellsEachChangeOnceWithWhatWasAndWhatIs() {
        budget.observe(BudgetsContract.says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        budget.observe(BudgetsContract.says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);

        assertThat(told).containsExactly(BudgetsContract.LIMIT, new Limit(25, BudgetsContract.TEN_SECONDS, 10_000));
    }

    private KeyBudget budget() {
        var events = new LimitEvents() {
            @Override
            public void learned(BudgetKey key, Limit before, Limit now) {
                assertThat(key).isEqualTo(BudgetsContract.ACME);
                told.addAll(List.of(before, now));
            }
        };
        var windows = new Windows(SETTINGS.tuning());
        return new KeyBudget(
                BudgetsContract.ACME, store, windows, new Roster(), time, events, SETTINGS::initial, SETTINGS.learn());
    }

    /** Buckets in the heap, behind a memory that may fail. */
    private final class FragileStore implements BucketStore {

        private final BucketStore heap =
                new HeapStore(new Windows(SETTINGS.tuning()), time, SpendJournal.none(), time, LimitEvents.NONE);
        private boolean answers = true;
        private boolean degraded;

        @Override
        public TimeMeter clock() {
            return time;
        }

        @Override
        public SendLog burst(BudgetKey key, Supplier<Limit> limit) {
            return heap.burst(key, limit);
        }

        @Override
        public TokenBucket day(BudgetKey key, Supplier<Limit> limit, Function<Limit, StrictWindow> windowOf) {
            return heap.day(key, limit, windowOf);
        }

        @Override
        public TokenBucket route(RouteKey key) {
            return heap.route(key);
        }

        @Override
        public TokenBucket ofClass(BudgetKey key, String kind, Limit limit) {
            return heap.ofClass(key, kind, limit);
        }

        @Override
        public void restrain(BudgetKey key, long quota, Restraint restraint) {}

        @Override
        public long closedNanos() {
            return 0;
        }

        @Override
        public Future<Void> opened() {
            return heap.opened();
        }

        @Override
        public List<String> weaknesses() {
            return List.of();
        }

        @Override
        public boolean isAlone() {
            return degraded;
        }

        @Override
        public Rests rests() {
            return heap.rests();
        }

        @Override
        public Egress egress() {
            return heap.egress();
        }

        @Override
        public int replicas() {
            return 1;
        }

        @Override
        public Future<Limit> remembered(BudgetKey key, Limit otherwise) {
            return Future.succeededFuture(otherwise);
        }

        @Override
        public Future<Void> remember(BudgetKey key, Limit learned) {
            return answers ? Future.succeededFuture() : Future.failedFuture("no answer");
        }
    }
}
