package io.ghlgateway.highlevel;

import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Refused.Reason;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole answer of a token endpoint, and what it means: a yes, a no, or nothing that could be relied on. Only a 2xx that
 * is a JSON object is a yes, and only a 4xx in HighLevel's own form is a no; all else may come from somebody on the way
 * there, and then nobody knows what HighLevel did. Pure.
 */
record OAuthReply(int status, Buffer body) {

    private static final Pattern INVALID_GRANT = Pattern.compile("invalid[ _-]?grant");

    /** A timeout behind HighLevel's edge comes as a 401: what was asked for may have been done. */
    private static final Pattern TIMED_OUT = Pattern.compile("timed out|timeout");

    private static final int REQUEST_TIMEOUT = 408;

    /**
     * The answer to be read, where it is a yes.
     *
     * @param secrets what was sent and must not be repeated in a message
     * @return fails with {@link Refused} or {@link Unanswered}
     */
    Future<JsonObject> judged(Collection<String> secrets) {
        boolean yes = status / 100 == 2;
        boolean no = status / 100 == 4 && status != REQUEST_TIMEOUT;
        if (!yes && !no) {
            return unanswered("which its token endpoint never means for an answer");
        }
        var object = JsonText.object(body);
        if (object.isEmpty()) {
            return unanswered("with something that is no JSON object");
        }
        if (yes) {
            return Future.succeededFuture(object.get());
        }
        var said = said(object.get());
        var words = said.toLowerCase(Locale.ROOT);
        if (said.isEmpty()) {
            return unanswered("without a word of HighLevel's why");
        }
        if (TIMED_OUT.matcher(words).find()) {
            return unanswered("and a timeout behind it");
        }
        return Future.failedFuture(
                new Refused(reason(words), "HighLevel answered " + status + ": " + PlainWords.of(said, secrets)));
    }

    private Reason reason(String words) {
        if (words.contains("location is not active")) {
            return Reason.LOCATION_NOT_ACTIVE;
        }
        if (INVALID_GRANT.matcher(words).find()) {
            return Reason.INVALID_GRANT;
        }
        if (status == 401 && (words.contains("invalid jwt") || words.contains("access token is invalid"))) {
            return Reason.TOKEN_INVALID;
        }
        return status == 429 ? Reason.THROTTLED : Reason.OTHER;
    }

    /** HighLevel's own words: a text, a list of them, or within v3's envelope. */
    private static String said(JsonObject answer) {
        return Stream.of("message", "error_description", "error")
                .flatMap(field -> texts(answer.getValue(field)))
                .filter(text -> !text.isBlank())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static Stream<String> texts(Object value) {
        if (value instanceof String text) {
            return Stream.of(text);
        }
        if (value instanceof JsonArray list) {
            return list.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        if (value instanceof JsonObject envelope) {
            return Stream.of(envelope.getValue("code"), envelope.getValue("message"))
                    .filter(String.class::isInstance)
                    .map(String.class::cast);
        }
        return Stream.empty();
    }

    private <T> Future<T> unanswered(String how) {
        return Future.failedFuture(new Unanswered("HighLevel answered " + status + " " + how));
    }
}
