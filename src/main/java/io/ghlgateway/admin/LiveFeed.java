package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.http.Cut;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots as server-sent events, to all who watch the same ones. None is made while nobody watches, nor before the last
 * was made. Who takes them too slowly misses some, and is cut off where nothing is taken for long; so nothing piles up.
 *
 * <p>Owned by the event loop of the operators' door, which alone calls it.
 */
public final class LiveFeed {

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    static final String PATH = "/admin/v1/live";
    static final int MOST_WATCHERS = 20;
    /** In a row; then it is cut off. */
    static final int MOST_MISSED = 30;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final class Watcher {
        private final RoutingContext context;
        private int missed;

        Watcher(RoutingContext context) {
            this.context = context;
        }

        HttpServerResponse response() {
            return context.response();
        }
    }

    private final Vertx vertx;
    private final Supplier<Future<Buffer>> maker;
    private final BooleanSupplier closing;
    private final Optional<String> replica;
    private final long everyMillis;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private Optional<Buffer> last = Optional.empty();
    private boolean failing;
    private volatile boolean making;
    private volatile boolean ticking;

    /**
     * @param maker makes a snapshot, as an {@link #event}; called by a worker thread
     * @param closing whether the door is about to close
     * @param replica what this one is called, for those who watch one of several
     */
    public LiveFeed(Vertx vertx, Supplier<Future<Buffer>> maker, BooleanSupplier closing, Optional<String> replica) {
        this(vertx, maker, closing, replica, EVERY);
    }

    LiveFeed(
            Vertx vertx,
            Supplier<Future<Buffer>> maker,
            BooleanSupplier closing,
            Optional<String> replica,
            Duration every) {
        this.vertx = vertx;
        this.maker = maker;
        this.closing = closing;
        this.replica = replica;
        this.everyMillis = every.toMillis();
    }

    /** Behind whatever guards the router. */
    void mount(Router router) {
        router.get(PATH).handler(this::watch);
    }

    /** A server-sent event (WHATWG HTML, 9.2), encoded by who makes it, so that no event loop has to. */
    static Buffer event(String name, JsonObject json) {
        return Buffer.buffer("event: " + name + "\ndata: ")
                .appendBuffer(json.toBuffer())
                .appendString("\n\n");
    }

    int watchers() {
        return watchers.size();
    }

    /** Whether none is made now, nor will be before somebody comes. */
    boolean rests() {
        return !ticking && !making;
    }

    private void watch(RoutingContext context) {
        if (closing.getAsBoolean()) {
            JsonRoutes.send(context, Problem.of(503, "this replica is going away"));
            return;
        }
        if (watchers.size() >= MOST_WATCHERS) {
            context.response().putHeader("Retry-After", "10");
            JsonRoutes.send(context, Problem.of(503, MOST_WATCHERS + " are watching already; try again later"));
            return;
        }
        var watcher = new Watcher(context);
        var response = context.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.closeHandler(closed -> watchers.remove(watcher));
        response.exceptionHandler(broken -> watchers.remove(watcher));
        watchers.add(watcher);
        var session = OperatorsGuard.rights(context);
        replica.ifPresent(name -> session.put("replica", name));
        write(watcher, event("session", session));
        if (ticking) {
            last.ifPresent(snapshot -> write(watcher, snapshot));
        } else {
            ticking = true;
            vertx.setPeriodic(everyMillis, this::tick);
            make();
        }
    }

    private void tick(long timer) {
        boolean all = closing.getAsBoolean();
        for (var watcher : List.copyOf(watchers)) {
            if (all || !OperatorsGuard.stands(watcher.context)) { // another key may be in force by now
                watchers.remove(watcher);
                watcher.response().end().onFailure(gone -> {});
            }
        }
        if (watchers.isEmpty()) {
            vertx.cancelTimer(timer);
            ticking = false;
            last = Optional.empty(); // the next who comes is not shown what was long ago
        } else {
            make();
        }
    }

    private void make() {
        if (making) {
            return;
        }
        making = true;
        var here = vertx.getOrCreateContext();
        vertx.executeBlocking(maker::get, false)
                .compose(made -> made)
                .onComplete((snapshot, failure) -> here.runOnContext(back -> {
                    making = false;
                    if (failure == null) {
                        send(snapshot);
                    } else if (!failing) {
                        LOG.warn("what the console shows cannot be found out (said once until it can)", failure);
                    }
                    failing = failure != null;
                }));
    }

    private void send(Buffer snapshot) {
        last = ticking ? Optional.of(snapshot) : Optional.empty();
        for (var watcher : List.copyOf(watchers)) {
            if (!watcher.response().writeQueueFull()) {
                watcher.missed = 0;
                write(watcher, snapshot);
            } else if (++watcher.missed >= MOST_MISSED) {
                watchers.remove(watcher);
                Cut.through(watcher.context.request().connection());
            }
        }
    }

    private void write(Watcher watcher, Buffer event) {
        watcher.response().write(event).onFailure(gone -> watchers.remove(watcher));
    }
}
