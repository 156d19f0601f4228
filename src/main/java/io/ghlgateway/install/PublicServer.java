package io.ghlgateway.install;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener that the internet reaches: narrow limits, the same security headers on whatever it answers, HTTP/1.1 alone.
 * All on one event loop of its own: what it serves is rare, or short.
 */
public final class PublicServer {

    private static final Logger LOG = LoggerFactory.getLogger(PublicServer.class);

    private static final long NONE = -1;
    private static final int LARGEST_HEAD = 8 * 1024;
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_CONNECTIONS = 2_000;

    /**
     * How long a connection may be silent. Neither runs while a request is answered, which may take HighLevel a while.
     *
     * @param first until a new one has made its first request
     * @param idle between requests
     */
    record Silence(Duration first, Duration idle) {}

    private final Vertx vertx;
    private final Handler<HttpServerRequest> handler;
    private final Predicate<String> readsBodies;
    private final DoorHeaders headers;
    private final Silence silence;
    /** The timer that ends each open connection; none while a request is answered on it. Of the event loop. */
    private final Map<HttpConnection, Long> timers = new IdentityHashMap<>();

    private volatile @Nullable HttpServer server;

    /**
     * @param https whether browsers reach the door over TLS, here or in front of us
     * @param readsBodies at which paths the handler reads a request's body, and no longer than it should
     */
    public PublicServer(Vertx vertx, boolean https, Handler<HttpServerRequest> handler, Predicate<String> readsBodies) {
        this(vertx, https, handler, readsBodies, new Silence(Duration.ofSeconds(10), Duration.ofSeconds(30)));
    }

    PublicServer(
            Vertx vertx,
            boolean https,
            Handler<HttpServerRequest> handler,
            Predicate<String> readsBodies,
            Silence silence) {
        this.vertx = vertx;
        this.handler = handler;
        this.readsBodies = readsBodies;
        this.headers = new DoorHeaders(https);
        this.silence = silence;
    }

    /** @param port 0 for any free one */
    public Future<HttpServer> listen(String host, int port) {
        var options = new HttpServerOptions()
                .setMaxHeaderSize(LARGEST_HEAD)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(0); // it would run while an answer is awaited
        var opened = Promise.<HttpServer>promise();
        ((VertxInternal) vertx)
                .createEventLoopContext()
                .runOnContext(go -> vertx.createHttpServer(options)
                        .connectionHandler(this::opened)
                        .invalidRequestHandler(this::unreadable)
                        .requestHandler(this::answer)
                        .listen(port, host)
                        .onSuccess(open -> server = open)
                        .onComplete(opened));
        return opened.future();
    }

    /** Takes no more connections and lets what is under way end. */
    public Future<Void> drain(Duration most) {
        var open = server;
        return open == null ? Future.succeededFuture() : open.shutdown(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void opened(HttpConnection connection) {
        if (timers.size() >= MOST_CONNECTIONS) {
            connection.close();
            return;
        }
        timers.put(connection, NONE);
        closeAfter(silence.first(), connection);
        connection.closeHandler(closed -> {
            var timer = timers.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        });
    }

    private void closeAfter(Duration pause, HttpConnection connection) {
        timers.computeIfPresent(connection, (open, none) -> vertx.setTimer(pause.toMillis(), id -> open.close()));
    }

    private void keepOpen(HttpConnection connection) {
        timers.computeIfPresent(connection, (open, timer) -> {
            vertx.cancelTimer(timer);
            return NONE;
        });
    }

    private void answer(HttpServerRequest request) {
        var response = request.response();
        keepOpen(request.connection());
        headers.write(response);
        if (hasBody(request) && !readsBodies.test(request.uri())) {
            response.putHeader("Connection", "close"); // for nobody waits for it
            response.endHandler(end -> request.connection().close());
        } else {
            response.endHandler(end -> closeAfter(silence.idle(), request.connection()));
        }
        try {
            handler.handle(request);
        } catch (RuntimeException defect) {
            LOG.error("the public door failed: {}", defect.getClass().getName());
            DoorHeaders.show(Pages.defect(), response);
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        return length != null && !length.equals("0") || request.headers().contains("transfer-encoding");
    }

    /** What the parser refused. */
    private void unreadable(HttpServerRequest request) {
        var cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpHeaderException
                ? 431
                : cause instanceof TooLongHttpLineException ? 414 : 400;
        headers.write(request.response());
        request.response().putHeader("Connection", "close");
        DoorHeaders.show(Pages.unreadable(status), request.response())
                .eventually(() -> request.connection().close());
    }
}
