package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The callers' door on one event loop; several share one port, and a connection stays on the loop that took it. */
public final class EdgeServer extends VerticleBase {

    /**
     * How to listen.
     *
     * @param port 0 for any free one
     * @param headerTimeout until a new connection has made its first request
     * @param idleTimeout between requests; none runs while a request waits
     */
    public record Listening(String host, int port, int maxHeaderBytes, Duration headerTimeout, Duration idleTimeout) {}

    private static final int LONGEST_LINE = 16 * 1024;
    private static final long SWEEP_MILLIS = 1_000;

    private final Listening listening;
    private final Supplier<ApiHandler> handler;
    private final Supplier<String> requestIds;
    private final EdgeEvents events;
    private final Connections connections;

    private @Nullable HttpServer server;

    /** @param handler called once, on this verticle's event loop */
    public EdgeServer(
            Listening listening,
            Supplier<ApiHandler> handler,
            Supplier<String> requestIds,
            Ticker ticker,
            EdgeEvents events) {
        this.listening = listening;
        this.handler = handler;
        this.requestIds = requestIds;
        this.events = events;
        this.connections = new Connections(ticker, listening.headerTimeout(), listening.idleTimeout());
    }

    @Override
    public Future<?> start() {
        var api = handler.get();
        var options = new HttpServerOptions()
                .setMaxHeaderSize(listening.maxHeaderBytes())
                .setMaxInitialLineLength(LONGEST_LINE)
                .setIdleTimeout(0); // Connections closes idle ones
        vertx.setPeriodic(SWEEP_MILLIS, id -> connections.sweep());
        return vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(this::unreadable)
                .requestHandler(request -> {
                    connections.began(request);
                    api.handle(request);
                })
                .listen(address())
                .onSuccess(open -> server = open);
    }

    /** A plain port 0 would give each loop a port of its own; so the instances of one deployment share one. */
    private SocketAddress address() {
        return listening.port() == 0
                ? SocketAddress.sharedRandomPort(1, listening.host())
                : SocketAddress.inetSocketAddress(listening.port(), listening.host());
    }

    /** The port in use, once started. */
    public int port() {
        return server == null ? listening.port() : server.actualPort();
    }

    /** Takes no more connections, closes the idle ones, and completes when the rest are done or {@code most} is over. */
    public Future<Void> drain(Duration most) {
        return server == null ? Future.succeededFuture() : server.shutdown(most);
    }

    /** What the parser refused: a target or header that is too long, or something that is no HTTP. */
    private void unreadable(HttpServerRequest request) {
        var cause = request.decoderResult().cause();
        var refusal = cause instanceof TooLongHttpHeaderException
                ? Refusal.of(
                        Code.HEAD_TOO_LARGE,
                        "header fields may have at most " + listening.maxHeaderBytes()
                                + " bytes together (proxy.max-header-bytes)")
                : cause instanceof TooLongHttpLineException
                        ? Refusal.of(Code.URI_TOO_LONG, "a request line may have at most " + LONGEST_LINE + " bytes")
                        : Refusal.of(Code.BAD_REQUEST, "this is not well-formed HTTP: " + Problems.said(cause));
        var response = request.response();
        var id = requestIds.get();
        var problem = Problems.write(refusal, id, response);
        events.answered(Answer.unread(
                id, refusal.code().wire(), request.method(), refusal.code().status()));
        response.putHeader("Connection", "close")
                .end(problem.toBuffer())
                .eventually(() -> request.connection().close());
    }
}
