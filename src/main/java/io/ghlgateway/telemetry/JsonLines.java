package io.ghlgateway.telemetry;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.JsonEscapeUtil;

/**
 * One JSON object a line, in the form of logback's own encoder: {@code timestamp} (milliseconds since 1970), {@code level},
 * {@code threadName}, {@code loggerName}, {@code throwable}, then {@code message} and, as fields of the same object, the
 * event's pairs.
 */
final class JsonLines extends JsonEncoder {

    JsonLines() {
        setWithSequenceNumber(false);
        setWithNanoseconds(false);
        setWithContext(false);
        setWithMarkers(false);
        setWithMDC(false);
        setWithArguments(false);
        setWithKVPList(false); // as a list of objects nobody could search it
        setWithMessage(false); // that one is without its arguments
    }

    @Override
    protected void appendCustomFields(StringBuilder json, ILoggingEvent event) {
        json.append(VALUE_SEPARATOR);
        appenderMember(json, "message", escaped(event.getFormattedMessage()));
        var pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (var pair : pairs) {
            json.append(VALUE_SEPARATOR);
            if (pair.value instanceof Number) {
                json.append('"').append(escaped(pair.key)).append("\":").append(pair.value);
            } else {
                appenderMember(json, escaped(pair.key), escaped(pair.value));
            }
        }
    }

    private static String escaped(Object text) {
        return JsonEscapeUtil.jsonEscapeString(String.valueOf(text));
    }
}
