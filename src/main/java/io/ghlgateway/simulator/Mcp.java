package io.ghlgateway.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * HighLevel's server of the Model Context Protocol in its streamable HTTP form: a POST is answered by a stream of two
 * notices of progress and the result, or by the result alone to those who accept no stream; a GET opens a stream that
 * is kept alive by comments, a thousand of them at most. No session is kept, and no tool does anything.
 */
final class Mcp {

    private static final Set<String> PATHS = Set.of("/mcp", "/mcp/", "/mcp/anthropic/v2", "/mcp/anthropic/v2/");
    private static final int KEEP_ALIVES = 1_000;

    private final Vertx vertx;
    private final Duration gap;

    Mcp(Vertx vertx, Duration gap) {
        this.vertx = vertx;
        this.gap = gap;
    }

    /** These paths need no {@code Version}. */
    static boolean isMeant(String path) {
        return PATHS.contains(path);
    }

    Reply reply(Visit visit, ReceivedBody body) {
        if (visit.request().method() == HttpMethod.HEAD) {
            return new Answer(200, EventStream.CONTENT_TYPE, Buffer.buffer());
        }
        boolean streams = visit.header("Accept").orElse("").contains(EventStream.CONTENT_TYPE);
        if (visit.request().method() == HttpMethod.GET) {
            return streams
                    ? new EventStream(vertx, gap, Collections.nCopies(KEEP_ALIVES, ": keep-alive\n\n"))
                    : visit.refusal(406, "Not Acceptable: accept " + EventStream.CONTENT_TYPE);
        }
        Optional<JsonObject> message = body.json();
        if (visit.request().method() != HttpMethod.POST || message.isEmpty()) {
            return visit.refusal(400, "a POST with one JSON-RPC message was expected");
        }
        if (!message.get().containsKey("id")) {
            return new Answer(202, "application/json", Buffer.buffer());
        }
        JsonObject result = result(message.get());
        return streams
                ? new EventStream(vertx, gap, List.of(progress(1), progress(2), event(result)))
                : visit.voice().json(200, result);
    }

    private static JsonObject result(JsonObject message) {
        JsonObject answer = new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id"));
        return switch (String.valueOf(message.getValue("method"))) {
            case "initialize" ->
                answer.put(
                        "result",
                        new JsonObject()
                                .put("protocolVersion", "2025-03-26")
                                .put("capabilities", new JsonObject().put("tools", new JsonObject()))
                                .put(
                                        "serverInfo",
                                        new JsonObject()
                                                .put("name", "simulated")
                                                .put("version", "1")));
            case "tools/list" -> answer.put("result", new JsonObject().put("tools", new JsonArray().add(tool())));
            case "tools/call" ->
                answer.put(
                        "result",
                        new JsonObject()
                                .put("content", new JsonArray().add(text()))
                                .put("isError", false));
            case "ping" -> answer.put("result", new JsonObject());
            default -> answer.put("error", new JsonObject().put("code", -32601).put("message", "Method not found"));
        };
    }

    private static JsonObject tool() {
        return new JsonObject()
                .put("name", "contacts_get-contact")
                .put("description", "Fetch a contact")
                .put("inputSchema", new JsonObject().put("type", "object"));
    }

    private static JsonObject text() {
        return new JsonObject().put("type", "text").put("text", "{\"contacts\":[]}");
    }

    private static String progress(int step) {
        return event(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("method", "notifications/progress")
                .put(
                        "params",
                        new JsonObject()
                                .put("progressToken", 1)
                                .put("progress", step)
                                .put("total", 3)));
    }

    private static String event(JsonObject message) {
        return "event: message\ndata: " + message.encode() + "\n\n";
    }
}
