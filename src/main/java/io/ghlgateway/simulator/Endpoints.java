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
import java.util.Locale;
import java.util.Optional;

/**
 * What stands behind the door: HighLevel's records under every path, and three endpoints of the simulator's own,
 * {@code /simulate/download?bytes=N[&chunked=true]}, {@code /simulate/upload} and {@code /simulate/echo}, which need a
 * token and spend quota like any other, but no {@code Version}.
 */
final class Endpoints {

    static final String OWN_PATHS = "/simulate/";

    private static final long RECORDING = 64_000;

    private static final int WORTH_COMPRESSING = 1024;

    private final Records records;
    private final Admission admission;
    private final Validation validation;
    private final Mcp mcp;
    private final OAuthEndpoints oauth;
    private final boolean compressesAll;

    Endpoints(
            Records records,
            Admission admission,
            Validation validation,
            Mcp mcp,
            OAuthEndpoints oauth,
            boolean compressesAll) {
        this.records = records;
        this.admission = admission;
        this.validation = validation;
        this.mcp = mcp;
        this.oauth = oauth;
        this.compressesAll = compressesAll;
    }

    Reply reply(Visit visit, Grant grant, ReceivedBody body, Instant now) {
        Reply reply = made(visit, grant, body, now);
        return reply instanceof Answer answer ? encoded(visit, conditional(visit, answer)) : reply;
    }

    /** Whether a call makes tokens, which then are made whatever becomes of the answer. */
    boolean givesTokens(Visit visit) {
        return oauth.isMeant(visit);
    }

    private Reply made(Visit visit, Grant grant, ReceivedBody body, Instant now) {
        return visit.query()
                .map(query -> made(visit, grant, query, body, now))
                .orElseGet(() -> visit.refusal(400, "the query cannot be decoded"));
    }

    private Reply made(Visit visit, Grant grant, MultiMap query, ReceivedBody body, Instant now) {
        Optional<Answer> early = admission
                .refuse(visit, grant, NamedLocations.of(visit, query, body))
                .or(() -> oauth.isMeant(visit)
                        ? Optional.of(oauth.reply(visit, grant, query, body))
                        : validation.refuse(visit, query, body));
        if (early.isPresent()) {
            return early.get();
        }
        return switch (visit.path()) {
            case OWN_PATHS + "download" -> download(visit, query);
            case OWN_PATHS + "upload" ->
                visit.voice()
                        .json(200, new JsonObject().put("bytes", body.bytes()).put("sha256", body.sha256()));
            case OWN_PATHS + "echo" -> echo(visit.request(), body);
            default -> Mcp.isMeant(visit.path()) ? mcp.reply(visit, body) : record(visit, grant, query, body, now);
        };
    }

    private Reply record(Visit visit, Grant grant, MultiMap query, ReceivedBody body, Instant now) {
        if (visit.reads() && visit.path().endsWith("/recording")) {
            return new Download(RECORDING, false);
        }
        RecordPath target = visit.operation()
                .map(operation -> RecordPath.of(operation, visit.method(), visit.path()))
                .orElseGet(() -> RecordPath.of(visit.method(), visit.path()));
        if (target.collection().isEmpty()) {
            return visit.refusal(404, "Cannot " + visit.method() + " " + visit.path());
        }
        return records.answer(new Errand(
                visit.method(),
                "http://" + visit.request().authority() + visit.path(),
                query,
                target,
                grant.resource(),
                Paging.of(query, body.json().orElseGet(JsonObject::new)),
                body,
                now,
                visit.voice()));
    }

    /** 304 to a reader who has it already. */
    private static Answer conditional(Visit visit, Answer answer) {
        String tag = answer.headers().get("ETag");
        boolean known = tag != null
                && visit.header("If-None-Match")
                        .filter(tags -> tags.strip().equals("*") || tags.contains(tag))
                        .isPresent();
        return known ? answer.notModified() : answer;
    }

    private Answer encoded(Visit visit, Answer answer) {
        boolean accepted = visit.header("Accept-Encoding")
                .filter(encodings -> encodings.toLowerCase(Locale.ROOT).contains("gzip"))
                .isPresent();
        boolean worthIt = compressesAll || answer.body().length() > WORTH_COMPRESSING;
        return accepted && worthIt && answer.hasBody() && !visit.isOwn() ? answer.gzipped() : answer;
    }

    private static Reply download(Visit visit, MultiMap query) {
        long bytes = number(query, "bytes", -1);
        return bytes < 0
                ? visit.refusal(400, "bytes must say how many, such as ?bytes=1000000")
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

    private static long number(MultiMap query, String name, long absent) {
        String text = query.get(name);
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : absent;
    }
}
