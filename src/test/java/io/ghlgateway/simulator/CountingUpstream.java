package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the simulator's windows make of calls at given times, without a server: for proofs on a clock of their own. */
public final class CountingUpstream {

    private final RateWindow burst;
    private final List<RateWindow> windows;
    private long accepted;
    private long refused;

    /** @param also a second, sliding window */
    public CountingUpstream(WindowKind kind, Allowance limit, Optional<Allowance> also, Duration phase) {
        this.burst = RateWindow.of(kind, limit, phase);
        this.windows = Stream.concat(
                        Stream.of(burst),
                        also.stream().map(more -> RateWindow.of(WindowKind.SLIDING, more, Duration.ZERO)))
                .toList();
    }

    /** @param now nanoseconds that never go back */
    public boolean takes(long now) {
        boolean admitted = windows.stream().allMatch(window -> window.admits(now));
        if (admitted) {
            windows.forEach(window -> window.count(now));
            accepted++;
        } else {
            refused++;
        }
        return admitted;
    }

    public int remaining(long now) {
        return (int) burst.remaining(now);
    }

    public long accepted() {
        return accepted;
    }

    public long refused() {
        return refused;
    }

    /** What was counted so far is of no interest. */
    public void forgetCounts() {
        accepted = 0;
        refused = 0;
    }
}
