package io.ghlgateway.http;

import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A listener that takes no more than its limits allow, and hands on what the parser could read. What else a request must be
 * is for its door to ask of {@link RequestForm}, and to say in its own way.
 */
public final class HttpDoor {

    private static final long SWEEP_MILLIS = 1_000;
    /** At every so many of them it is looked whether the certificate has changed. */
    private static final long SWEEPS_TO_LOOK = 10;

    private static final String LOOK = "certificates.look";

    /** Streams of a connection at once. */
    private static final int MOST_STREAMS = 100;
    /** Resets of streams that a connection may make in {@link #RESETS_PER_SECONDS}: a flood of them is an attack. */
    private static final int MOST_RESETS = 200;

    private static final int RESETS_PER_SECONDS = 30;
    private static final long NO_ERROR = 0;

    private final Vertx vertx;
    private final Listening listening;
    private final DoorLimits limits;
    private final boolean http2;
    private final long sweepMillis;
    private final Connections connections;
    private volatile byte[] shownDigest = {};

    /** @param http2 whether it is spoken here, beside HTTP/1.1 */
    public HttpDoor(Vertx vertx, Listening listening, DoorLimits limits, boolean http2, Ticker ticker) {
        this(vertx, listening, limits, http2, ticker, SWEEP_MILLIS);
    }

    /** @param sweepMillis how often it is looked after those that keep us waiting */
    HttpDoor(Vertx vertx, Listening listening, DoorLimits limits, boolean http2, Ticker ticker, long sweepMillis) {
        this.sweepMillis = sweepMillis;
        this.vertx = vertx;
        this.listening = listening;
        this.limits = limits;
        this.http2 = http2;
        this.connections = new Connections(limits, listening.cap(), ticker, listening.events());
    }

    /**
     * Once, on the event loop that is to have all of its connections, or a share of them where others listen too.
     *
     * @param requests takes those that could be read
     * @param unreadable answers those that could not; their connection is closed after that
     */
    public Future<HttpServer> listen(
            Handler<HttpServerRequest> requests, BiConsumer<HttpServerRequest, Flaw> unreadable) {
        // A plain port 0 would give each loop a port of its own.
        return listen(
                listening.port() == 0
                        ? SocketAddress.sharedRandomPort(1, listening.host())
                        : SocketAddress.inetSocketAddress(listening.port(), listening.host()),
                requests,
                unreadable);
    }

    private Future<HttpServer> listen(
            SocketAddress address,
            Handler<HttpServerRequest> requests,
            BiConsumer<HttpServerRequest, Flaw> unreadable) {
        vertx.setPeriodic(sweepMillis, id -> connections.sweep());
        watch(listening.port());
        return vertx.executeBlocking(this::options)
                .compose(options -> vertx.createHttpServer(options)
                        .connectionHandler(connections::opened)
                        .invalidRequestHandler(request -> unreadable.accept(
                                request, Flaw.of(request.decoderResult().cause(), limits)))
                        .requestHandler(request -> {
                            connections.began(request);
                            requests.handle(request);
                        })
                        .listen(address)
                        .onSuccess(this::opened));
    }

    /** As {@link #listen}, alone and on an event loop of its own. */
    public Future<HttpServer> listenApart(
            Handler<HttpServerRequest> requests, BiConsumer<HttpServerRequest, Flaw> unreadable) {
        var opened = Promise.<HttpServer>promise();
        ((VertxInternal) vertx)
                .createEventLoopContext()
                .runOnContext(go -> listen(
                                SocketAddress.inetSocketAddress(listening.port(), listening.host()),
                                requests,
                                unreadable)
                        .onComplete(opened));
        return opened.future();
    }

    private void opened(HttpServer open) {
        watch(open.actualPort());
        listening.tls().ifPresent(files -> {
            var certificates = new CertificateWatch(vertx, files, http2, open, shownDigest);
            vertx.setPeriodic(SWEEPS_TO_LOOK * sweepMillis, id -> certificates.look());
            vertx.eventBus().localConsumer(LOOK, now -> certificates.look());
        });
    }

    /** Has all open doors look whether their certificates have changed, instead of at their own time. Any thread. */
    public static void lookAtCertificates(Vertx vertx) {
        vertx.eventBus().publish(LOOK, "", new DeliveryOptions().setLocalOnly(true));
    }

    private void watch(int port) {
        DoorTransport.of((VertxInternal) vertx).ifPresent(transport -> transport.watch(port, this::admit));
    }

    private boolean admit(Channel channel) {
        boolean admitted = connections.admit(channel);
        if (admitted && http2 && listening.tls().isEmpty()) { // TLS says it beforehand
            connections.awaitFirstBytes(channel);
        }
        return admitted;
    }

    private HttpServerOptions options() throws IOException {
        var options = new HttpServerOptions()
                .setMaxInitialLineLength(limits.line())
                .setMaxHeaderSize(limits.head())
                .setHttp2ClearTextEnabled(http2)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MOST_STREAMS)
                        .setMaxHeaderListSize(limits.head()))
                .setHttp2RstFloodMaxRstFramePerWindow(MOST_RESETS)
                .setHttp2RstFloodWindowDuration(RESETS_PER_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                // No WebSocket is spoken here: nothing need look out for one in each request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(0); // it would run while an answer is awaited; Connections knows better
        if (listening.tls().isPresent()) {
            shownDigest = listening.tls().get().digest();
            listening.tls().get().apply(options, http2);
        }
        return options;
    }

    /** Answers {@link RequestForm#isServerOptions}. */
    public static void answerOptions(HttpServerRequest request, String methods) {
        if (hasBody(request)) {
            closeAfter(request);
        }
        request.response()
                .setStatusCode(204)
                .putHeader("Allow", methods)
                .end()
                .otherwiseEmpty()
                .onSuccess(answered -> {
                    if (request.version() == HttpVersion.HTTP_2 && !request.isEnded()) {
                        // a stream without an end would be one for ever (RFC 9113, section 8.1)
                        request.response().reset(NO_ERROR);
                    }
                });
    }

    /** Whether an HTTP/1.1 request says that it has one (RFC 9112, section 6.3). */
    public static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        return length != null && !length.equals("0") || request.headers().contains("transfer-encoding");
    }

    /** Has an HTTP/1.1 connection end with the answer, whose head is not written yet: what else comes is not wanted. */
    public static void closeAfter(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response()
                    .putHeader("Connection", "close")
                    .endHandler(end -> request.connection().close());
        }
    }
}
