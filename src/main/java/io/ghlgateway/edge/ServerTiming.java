package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Call;

/** What time went where, as the field {@code Server-Timing} has it. */
final class ServerTiming {

    private ServerTiming() {}

    /** @param cause what the call waited for; {@code -} for nothing */
    static String of(Call call, String cause) {
        return "queue;dur=" + millis(call.waitedNanos()) + (cause.equals("-") ? "" : ";desc=" + cause)
                + ", upstream;dur=" + millis(call.upstreamNanos()) + ", attempts;desc=" + call.attempts();
    }

    private static String millis(long nanos) {
        long tenths = nanos / 100_000;
        return tenths / 10 + "." + tenths % 10;
    }
}
