package io.ghlgateway.install;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.http.DoorLimits;
import io.ghlgateway.http.Flaw;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.http.Listening;
import io.ghlgateway.http.RequestForm;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
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

    private static final String METHODS = "GET, HEAD, POST";

    private static final DoorLimits LIMITS = new DoorLimits(
            DoorLimits.LINE,
            8 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Optional.of(Duration.ofSeconds(30)),
            DoorLimits.STALL);

    private final Vertx vertx;
    private final Handler<HttpServerRequest> handler;
    private final Predicate<String> readsBodies;
    private final boolean https;

    private volatile @Nullable HttpServer server;

    /**
     * @param https whether browsers reach the door over TLS, here or in front of us
     * @param readsBodies at which paths the handler reads a request's body, and no longer than it should
     */
    public PublicServer(Vertx vertx, boolean https, Handler<HttpServerRequest> handler, Predicate<String> readsBodies) {
        this.vertx = vertx;
        this.handler = handler;
        this.readsBodies = readsBodies;
        this.https = https;
    }

    public Future<HttpServer> listen(Listening listening) {
        return new HttpDoor(vertx, listening, LIMITS, false, Ticker.systemTicker())
                .listenApart(this::answer, this::malformed)
                .onSuccess(open -> server = open);
    }

    /** Takes no more connections and lets what is under way end. */
    public Future<Void> drain(Duration most) {
        var open = server;
        return open == null ? Future.succeededFuture() : open.shutdown(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(HttpServerRequest request) {
        var flaw = RequestForm.flaw(request);
        if (flaw.isPresent()) {
            malformed(request, flaw.get());
            return;
        }
        var response = request.response();
        tellBrowser(response);
        if (RequestForm.isServerOptions(request)) {
            HttpDoor.answerOptions(request, METHODS);
            return;
        }
        if (HttpDoor.hasBody(request) && !readsBodies.test(request.uri())) {
            HttpDoor.closeAfter(request); // for nobody waits for it
        }
        try {
            handler.handle(request);
        } catch (RuntimeException defect) {
            LOG.error("the public door failed: {}", defect.getClass().getName());
            Pages.defect().show(response);
        }
    }

    private void malformed(HttpServerRequest request, Flaw flaw) {
        tellBrowser(request.response());
        HttpDoor.closeAfter(request);
        if (flaw.status() == 405) {
            request.response().putHeader("Allow", METHODS);
        }
        Pages.unreadable(flaw.status()).show(request.response());
    }

    private void tellBrowser(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", PageStyle.POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        if (https) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
