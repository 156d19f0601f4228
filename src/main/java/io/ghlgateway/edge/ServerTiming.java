package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Call;

/** What time went where, as the field {@code Server-Timing} has it. */
final class ServerTiming {

    private ServerTiming() {}

    /** @param cause what the call waited for; {@code -} for nothing */
    static String of(Call call, String cause) {
        var field = new StringBuilder(64); // for each answer: one buffer, and no piece of it by itself
        millis(field.append("queue;dur="), call.waitedNanos());
        if (!cause.equals("-")) {
            field.append(";desc=").append(cause);
        }
        millis(field.append(", upstream;dur="), call.upstreamNanos());
        return field.append(", attempts;desc=").append(call.attempts()).toString();
    }

    private static void millis(StringBuilder field, long nanos) {
        long tenths = nanos / 100_000;
        field.append(tenths / 10).append('.').append(tenths % 10);
    }
}
