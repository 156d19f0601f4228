package io.ghlgateway.dispatch;

import static io.ghlgateway.dispatch.RealBudgets.ENDLESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What a refusal says of the time, held against when one at its place is sent. Real budgets. */
class RetryAfterTest {

    private static final int REFUSALS = 100;

    private static final Caller CALLER = RealBudgets.caller("billing");

    private final List<Promised> promises = new ArrayList<>();
    private final RealBudgets stand = new RealBudgets(Optional.empty());

    /** The queue is static: nobody comes before one that came earlier. Which makes 1,000 refusals, of 0 to 75 s. */
    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void itIsWhenOneAtItsPlaceIsSent(@ForAll long seed) {
        new RetryAfterTest().refuse(new SplittableRandom(seed));
    }

    private void refuse(SplittableRandom random) {
        while (promises.size() < REFUSALS) { // 9 a second of 10: a line that grew for ever would meet its bound
            stand.many(random.nextInt(110), CALLER, Urgency.UNSAID, ENDLESS);
            stand.time.pass(Duration.ofNanos(random.nextLong(12_000_000_000L)));
            int before = stand.refused.size();
            stand.many(1, CALLER, Urgency.UNSAID, Duration.ofMillis(random.nextInt(2) * random.nextInt(1_000)));
            if (stand.refused.size() > before) {
                keep(stand.refused.get(before).retryAfter().orElseThrow());
            }
        }
        stand.time.pass(Duration.ofMinutes(5));

        assertThat(promises)
                .allSatisfy(promise -> assertThat(promise.took).isBetween(promise.said.minusSeconds(1), promise.said));
    }

    private void keep(Duration said) {
        long asked = stand.time.read();
        var promise = new Promised(said);
        promises.add(promise);
        stand.send(
                stand.call(CALLER, Urgency.UNSAID, ENDLESS),
                end -> promise.took =
                        end instanceof Outcome.Answered ? Duration.ofNanos(stand.time.read() - asked) : Promised.NEVER);
    }

    private static final class Promised {

        private static final Duration NEVER = Duration.ofDays(1);

        private final Duration said;
        private Duration took = NEVER;

        private Promised(Duration said) {
            this.said = said;
        }

        @Override
        public String toString() {
            return "said " + said + ", took " + took;
        }
    }
}
