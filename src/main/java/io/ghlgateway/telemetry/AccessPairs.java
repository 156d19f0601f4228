package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents.Answer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.event.KeyValuePair;

/** What the access log says of an answer. A pair is made when it is read: by the log's own thread, not by an event loop. */
final class AccessPairs extends AbstractList<KeyValuePair> {

    private record Field(String key, Function<Answer, Object> value) {}

    private static final Field REQUEST_ID = new Field("request_id", Answer::requestId);
    private static final Field TRACE_ID =
            new Field("trace_id", answer -> answer.trace().id());
    /** Those after the ids. */
    private static final List<Field> REST = List.of(
            new Field("method", answer -> AccessLog.known(answer.method())),
            new Field("route", Answer::route),
            new Field("status", Answer::status),
            new Field("outcome", Answer::outcome),
            new Field("caller", Answer::caller),
            new Field("tenant", Answer::tenant),
            new Field("attempts", Answer::attempts),
            new Field("cause", Answer::cause),
            new Field("wait_ms", answer -> millis(answer.waited())),
            new Field("upstream_ms", answer -> millis(answer.upstream())),
            new Field("total_ms", answer -> millis(answer.total())));

    private final Answer answer;
    private final int ids;

    AccessPairs(Answer answer) {
        this.answer = answer;
        ids = answer.trace().id().isEmpty() ? 1 : 2;
    }

    @Override
    public int size() {
        return ids + REST.size();
    }

    @Override
    public KeyValuePair get(int index) {
        var field = index >= ids ? REST.get(index - ids) : index == 0 ? REQUEST_ID : TRACE_ID;
        return new KeyValuePair(field.key(), field.value().apply(answer));
    }

    /** To a tenth. */
    private static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos() / 100_000, 1);
    }
}
