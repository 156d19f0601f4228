package io.ghlgateway;

import io.ghlgateway.simulator.TrafficReport;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What the demo shows while it runs: one line that is written over on a terminal, else a line now and then. */
final class LiveLine {

    private static final int EVERY = 5;

    private final boolean terminal;
    private final IntSupplier waiting;
    private int shown;

    LiveLine(boolean terminal, IntSupplier waiting) {
        this.terminal = terminal;
        this.waiting = waiting;
    }

    void show(TrafficReport sofar) {
        var line = String.format(
                Locale.ROOT,
                "accepted %d, waiting %d, quota used %.0f %%, upstream 429s %d",
                sofar.accepted(),
                waiting.getAsInt(),
                sofar.quotaUsed() * 100,
                sofar.upstream429());
        if (terminal) {
            System.out.print("\r" + line + "   ");
            System.out.flush();
        } else if (shown++ % EVERY == 0) {
            System.out.println(line);
        }
    }

    void end() {
        if (terminal) {
            System.out.println();
        }
    }
}
