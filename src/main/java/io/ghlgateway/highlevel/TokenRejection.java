package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The 401s that are about the token itself. HighLevel answers 401 to much else, a missing scope, a wrong {@code Version},
 * even a timeout of its own, and tells them apart by words alone: it is exactly these words, or it is something else.
 */
public final class TokenRejection {

    private static final Set<String> EXPIRED = Set.of("invalid jwt", "invalid token: access token is invalid");
    private static final String DEAD = "invalid private integration token";
    /** They are some hundred bytes. */
    private static final int LONGEST = 4 * 1024;

    private TokenRejection() {}

    /** HighLevel's words, if the reply says one of them; it can be relayed all the same. Never fails. */
    public static Future<Optional<String>> in(Reply reply) {
        return reply.status() == 401
                ? reply.peek(LONGEST).map(body -> body.flatMap(TokenRejection::message))
                : Future.succeededFuture(Optional.empty());
    }

    /** Whether an OAuth token has expired, so that a fresh one may be taken. */
    public static boolean isExpired(String message) {
        return EXPIRED.contains(folded(message));
    }

    /** Whether a private integration token was rotated or deleted. */
    public static boolean isDead(String message) {
        return folded(message).equals(DEAD);
    }

    static Optional<String> message(Buffer body) {
        return JsonText.object(body)
                // An answer of v3 has its message one level down.
                .map(json -> json.getValue("error") instanceof JsonObject error ? error : json)
                .map(json -> json.getValue("message") instanceof String message ? message.trim() : null)
                .filter(message -> isExpired(message) || isDead(message));
    }

    private static String folded(String message) {
        return message.trim().toLowerCase(Locale.ROOT);
    }
}
