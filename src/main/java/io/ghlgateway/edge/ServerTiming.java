package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Call;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** What time went where, as the field {@code Server-Timing} has it. */
final class ServerTiming {

    private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");

    private ServerTiming() {}

    /** @param cause what the call waited for; {@code -} for nothing */
    static void add(Call call, String cause, MultiMap headers) {
        var field = new StringBuilder(64); // for each answer: one buffer, and no piece of it by itself
        millis(field.append("queue;dur="), call.waitedNanos());
        if (!cause.equals("-")) {
            field.append(";desc=").append(cause);
        }
        millis(field.append(", upstream;dur="), call.upstreamNanos());
        field.append(", attempts;desc=").append(call.attempts());
        headers.add(SERVER_TIMING, field.toString());
    }

    private static void millis(StringBuilder field, long nanos) {
        long tenths = nanos / 100_000;
        field.append(tenths / 10).append('.').append(tenths % 10);
    }
}
