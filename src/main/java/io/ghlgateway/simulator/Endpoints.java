package io.ghlgateway.simulator;

import io.ghlgateway.simulator.TokenAuthority.Grant;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What stands behind the door: HighLevel's records under every path, and three endpoints of the simulator's own,
 * {@code /simulate/download?bytes=N[&chunked=true]}, {@code /simulate/upload} and {@code /simulate/echo}, which need a
 * token and spend quota like any other, but no {@code Version}.
 */
final class Endpoints {

    static final String OWN_PATHS = "/simulate/";

    private final Records records;

    Endpoints(Records records) {
        this.records = records;
    }

    Reply reply(HttpServerRequest request, Grant grant, ReceivedBody body, Instant now) {
        MultiMap query;
        try {
            query = request.params();
        } catch (IllegalArgumentException malformed) {
            return Answer.refusal(400, "the query cannot be decoded");
        }
        String path = path(request);
        boolean reaches = NamedLocations.of(path, query, body).stream().allMatch(grant::reaches);
        if (!reaches) {
            return Answer.refusal(403, "The token does not have access to this location.");
        }
        return switch (path) {
            case OWN_PATHS + "download" -> download(query);
            case OWN_PATHS + "upload" ->
                Answer.json(200, new JsonObject().put("bytes", body.bytes()).put("sha256", body.sha256()));
            case OWN_PATHS + "echo" -> echo(request, body);
            default -> records.answer(request.method().name(), path, grant.resource(), limit(query), body, now);
        };
    }

    /** The raw path; empty where the request line has none. */
    static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static Reply download(MultiMap query) {
        long bytes = number(query, "bytes", -1);
        return bytes < 0
                ? Answer.refusal(400, "bytes must say how many, such as ?bytes=1000000")
                : new Download(bytes, "true".equals(query.get("chunked")));
    }

    /** The request as it came, headers in their order and their case; a body that is no short text only as a hash. */
    private static Answer echo(HttpServerRequest request, ReceivedBody body) {
        JsonArray headers = new JsonArray();
        request.headers()
                .forEach((name, value) -> headers.add(new JsonArray().add(name).add(value)));
        JsonObject echo = new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers)
                .put("bytes", body.bytes())
                .put("sha256", body.sha256());
        body.kept().filter(Endpoints::isText).ifPresent(text -> echo.put("body", text.toString()));
        return Answer.json(200, echo);
    }

    private static boolean isText(Buffer body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes()));
            return true;
        } catch (CharacterCodingException binary) {
            return false;
        }
    }

    /** HighLevel's lists have 20 records unless asked for more, and never more than 100. */
    private static int limit(MultiMap query) {
        return (int) Math.min(100, Math.max(1, number(query, "limit", 20)));
    }

    private static long number(MultiMap query, String name, long absent) {
        String text = query.get(name);
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : absent;
    }
}
