package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetServer;
import io.vertx.core.streams.WriteStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A look at a reply's body, and the same reply relayed afterwards. */
class PeekTest {

    private static final String TEXT = "{\"message\":\"Invalid JWT\"}";
    private static final String HEAD = "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n";

    private final Vertx vertx = Vertx.vertx();
    private Duration idle = Duration.ofSeconds(20);

    /** What was seen, and what the caller got. */
    private record Look(Optional<String> seen, Buffer relayed) {}

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aShortBodyIsSeenAndRelayedWhole() throws Exception {
        var look = look(sized(Buffer.buffer(TEXT), ""));

        assertThat(look).isEqualTo(new Look(Optional.of(TEXT), Buffer.buffer(TEXT)));
    }

    @Test
    void aBodyInChunksToo() throws Exception {
        var look = look(List.of(
                Buffer.buffer(HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mes\r\n"),
                Buffer.buffer("14\r\nsage\":\"Invalid JWT\"}\r\n0\r\n\r\n")));

        assertThat(look).isEqualTo(new Look(Optional.of(TEXT), Buffer.buffer(TEXT)));
    }

    @Test
    void whatCameAsGzipIsSeenUnpackedAndRelayedAsItCame() throws Exception {
        var packed = gzip(TEXT);

        var look = look(sized(packed, "Content-Encoding: gzip\r\n"));

        assertThat(look).isEqualTo(new Look(Optional.of(TEXT), packed));
    }

    @Test
    void whatIsTooLargeOnceUnpackedIsNotSeen() throws Exception {
        var packed = gzip(" ".repeat(200_000));

        var look = look(sized(packed, "Content-Encoding: gzip\r\n"));

        assertThat(packed.length()).isLessThan(4096);
        assertThat(look).isEqualTo(new Look(Optional.empty(), packed));
    }

    @Test
    void whatOnlyClaimsToBeGzipIsNotSeen() throws Exception {
        var look = look(sized(Buffer.buffer(TEXT), "Content-Encoding: gzip\r\n"));

        assertThat(look).isEqualTo(new Look(Optional.empty(), Buffer.buffer(TEXT)));
    }

    /** One body, packed by the tools of each. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            br, G2gAYK0KeHNcxOIuNQVjP4kpGaHSG0SEam+yxChVUlXp9JUITbpdwYBDDpQOEnBiYQu9uMEGnFAcBO+HDBBjIRMs0X5Rueg2uAA=
            BR, G2gAYK0KeHNcxOIuNQVjP4kpGaHSG0SEam+yxChVUlXp9JUITbpdwYBDDpQOEnBiYQu9uMEGnFAcBO+HDBBjIRMs0X5Rueg2uAA=
            zstd, KLUv/SRpVQIAJAR7InN0YXR1c0NvZGUiOjQwMSwibWVzc2FnZSI6IkludmFsaWQgSldUIiwiZXJyb3IiOiJVbmF1dGhvcml6ZWQifSABAIISRAHGlVaR
            deflate, eJyrViouSSwpLXbOT0lVsjIxMNRRyk0tLk5MT1WyUvLMK0vMyUxR8AoPUdJRSi0qyi9SslIKzUssLcnIL8qsSk1RqlUgEgAAnb4a9A==
            """)
    void whatCameInAnotherCodingOfTheWebIsSeenToo(String coding, String base64) throws Exception {
        var packed = Buffer.buffer(Base64.getDecoder().decode(base64));

        var look = look(sized(packed, "Content-Encoding: " + coding + "\r\n"));

        assertThat(look.seen().map(String::strip))
                .hasValue("{\"statusCode\":401,\"message\":\"Invalid JWT\",\"error\":\"Unauthorized\"}");
        assertThat(look.relayed()).isEqualTo(packed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            br, Wz8Ng18CJB4LBPIJBgA=
            zstd, KLUv/aBADQMAVAAAECAgAQD7/znAAgNqCCA=
            """)
    void norIsWhatIsTooLargeOnceUnpackedFromThose(String coding, String base64) throws Exception {
        var packed = Buffer.buffer(Base64.getDecoder().decode(base64));

        var look = look(sized(packed, "Content-Encoding: " + coding + "\r\n"));

        assertThat(look).isEqualTo(new Look(Optional.empty(), packed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "compress", "gzip, br"})
    void whatOnlyClaimsToBePackedOrIsPackedOtherwiseIsNotSeen(String coding) throws Exception {
        var look = look(sized(Buffer.buffer(TEXT), "Content-Encoding: " + coding + "\r\n"));

        assertThat(look).isEqualTo(new Look(Optional.empty(), Buffer.buffer(TEXT)));
    }

    @Test
    void aBodyThatSaysThatItIsLongIsNotLookedInto() throws Exception {
        var large = Buffer.buffer("x".repeat(4097));

        assertThat(look(sized(large, ""))).isEqualTo(new Look(Optional.empty(), large));
    }

    @Test
    void oneThatProvesLongIsRelayedWithWhatWasReadFirst() throws Exception {
        var chunks = new ArrayList<>(List.of(Buffer.buffer(HEAD + "Transfer-Encoding: chunked\r\n\r\n")));
        var all = Buffer.buffer();
        for (int i = 0; i < 1_000; i++) {
            var piece = String.format("%04d", i).repeat(64);
            all.appendString(piece);
            chunks.add(Buffer.buffer("100\r\n" + piece + "\r\n"));
        }
        chunks.add(Buffer.buffer("0\r\n\r\n"));

        assertThat(look(chunks)).isEqualTo(new Look(Optional.empty(), all));
    }

    @Test
    void anEmptyBodyIsSeenAsSuch() throws Exception {
        assertThat(look(sized(Buffer.buffer(), ""))).isEqualTo(new Look(Optional.of(""), Buffer.buffer()));
    }

    @Test
    void oneThatBreaksOffIsNotSeenAndBreaksOffForTheCallerToo() {
        assertThatThrownBy(() -> look(List.of(Buffer.buffer(HEAD + "Content-Length: 100\r\n\r\n" + TEXT))))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("Connection was closed");
    }

    @Test
    void oneThatFallsSilentIsLetGo() throws Exception {
        idle = Duration.ofMillis(100);

        var seen = await(exchange(
                List.of(Buffer.buffer(HEAD + "Content-Length: 100\r\n\r\n" + TEXT)),
                false,
                reply -> reply.peek(4096).andThen((body, failure) -> reply.discard())));

        assertThat(seen).isEmpty();
    }

    @Test
    void aReplyThatWasSeenMayBeDiscardedAndItsConnectionUsedAgain() throws Exception {
        var seen = await(exchange(
                sized(Buffer.buffer(TEXT), ""),
                false,
                reply -> reply.peek(4096).andThen((body, failure) -> reply.discard())));

        assertThat(seen).contains(Buffer.buffer(TEXT));
    }

    private Look look(List<Buffer> answer) throws Exception {
        return await(exchange(
                answer,
                true,
                reply -> reply.peek(4096).compose(seen -> {
                    var sink = new Collected();
                    return reply.relayTo(sink).map(done -> new Look(seen.map(Buffer::toString), sink.all));
                })));
    }

    private interface Use<T> {
        Future<T> of(Reply reply);
    }

    private <T> Future<T> exchange(List<Buffer> answer, boolean closes, Use<T> use) {
        return server(answer, closes).compose(server -> {
            var timeouts = new HttpUpstream.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), idle, idle, idle);
            var upstream = new HttpUpstream(
                    vertx,
                    vertx.createHttpClient(new HttpClientOptions()),
                    URI.create("http://127.0.0.1:" + server.actualPort()),
                    timeouts,
                    new Circuit(System::nanoTime, () -> {}));
            var request =
                    new UpstreamRequest(HttpMethod.GET, "/", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY);
            io.vertx.core.Promise<T> used = io.vertx.core.Promise.promise();
            vertx.runOnContext(go -> upstream.connect(request, Secret.of("t"))
                    .compose(Upstream.Exchange::send)
                    .compose(use::of)
                    .onComplete(used));
            return used.future();
        });
    }

    private Future<NetServer> server(List<Buffer> answer, boolean closes) {
        return vertx.createNetServer()
                .connectHandler(caller -> caller.handler(asked -> {
                    Future<Void> written = Future.succeededFuture();
                    for (var piece : answer) {
                        written = written.compose(before -> caller.write(piece));
                    }
                    if (closes) {
                        written.onSuccess(all -> caller.end());
                    }
                }))
                .listen(0, "127.0.0.1");
    }

    private static List<Buffer> sized(Buffer body, String fields) {
        return List.of(Buffer.buffer(HEAD + fields + "Content-Length: " + body.length() + "\r\n\r\n")
                .appendBuffer(body));
    }

    private static Buffer gzip(String text) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes());
        }
        return Buffer.buffer(packed.toByteArray());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** A slow sink: it is full after each piece, and has room again a little later. */
    private final class Collected implements WriteStream<Buffer> {

        private final Buffer all = Buffer.buffer();
        private boolean full;

        @Override
        public Future<Void> write(Buffer data) {
            assertThat(full).as("pressure is heeded").isFalse();
            all.appendBuffer(data);
            full = true;
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public boolean writeQueueFull() {
            return full;
        }

        @Override
        public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
            vertx.runOnContext(later -> {
                full = false;
                handler.handle(null);
            });
            return this;
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }
    }
}
