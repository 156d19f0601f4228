package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.http.DoorLimits;
import io.ghlgateway.http.Flaw;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.http.Listening;
import io.ghlgateway.http.RequestForm;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The callers' door on one event loop; several share one port, and a connection stays on the loop that took it. */
public final class EdgeServer extends VerticleBase {

    private final Listening listening;
    private final DoorLimits limits;
    private final Ticker ticker;
    private final Supplier<ApiHandler> handler;
    private final Supplier<String> requestIds;
    private final EdgeEvents events;

    private @Nullable HttpServer server;
    private @Nullable ApiHandler api;

    /** @param handler called once, on this verticle's event loop */
    public EdgeServer(
            Listening listening,
            DoorLimits limits,
            Supplier<ApiHandler> handler,
            Supplier<String> requestIds,
            Ticker ticker,
            EdgeEvents events) {
        this.listening = listening;
        this.limits = limits;
        this.handler = handler;
        this.requestIds = requestIds;
        this.ticker = ticker;
        this.events = events;
    }

    @Override
    public Future<?> start() {
        var mine = handler.get();
        api = mine;
        return new HttpDoor(vertx, listening, limits, true, ticker)
                .listen(request -> take(request, mine), this::unreadable)
                .onSuccess(open -> server = open);
    }

    private void take(HttpServerRequest request, ApiHandler api) {
        if (RequestForm.isServerOptions(request) && RequestForm.flaw(request).isEmpty()) {
            HttpDoor.answerOptions(request, Problems.METHODS);
            events.answered(Answer.unread(requestIds.get(), "ok", request.method(), 204));
        } else {
            api.handle(request);
        }
    }

    /** The port in use, once started. */
    public int port() {
        return server == null ? listening.port() : server.actualPort();
    }

    /**
     * Takes no more connections, closes the idle ones, and completes when the rest are done, and what goes on without its
     * caller, or {@code most} is over.
     */
    public Future<Void> drain(Duration most) {
        if (server == null) {
            return Future.succeededFuture();
        }
        long end = ticker.read() + most.toNanos();
        return server.shutdown(most).eventually(() -> quiet(Duration.ofNanos(end - ticker.read())));
    }

    private Future<Void> quiet(Duration most) {
        Promise<Void> over = Promise.promise();
        context.runOnContext(now -> {
            long late = vertx.setTimer(Math.max(1, most.toMillis()), id -> over.tryComplete());
            Objects.requireNonNull(api).quiet().onComplete(done -> {
                vertx.cancelTimer(late);
                over.tryComplete();
            });
        });
        return over.future();
    }

    private void unreadable(HttpServerRequest request, Flaw flaw) {
        var refusal = RequestRules.refusal(
                flaw.status() == 431 ? new Flaw(431, flaw.detail() + " (proxy.max-header-bytes)") : flaw);
        var response = request.response();
        var id = requestIds.get();
        var problem = Problems.write(refusal, id, "", response);
        events.answered(Answer.unread(
                id, refusal.code().wire(), request.method(), refusal.code().status()));
        response.putHeader("Connection", "close")
                .end(problem.toBuffer())
                .eventually(() -> request.connection().close());
    }
}
