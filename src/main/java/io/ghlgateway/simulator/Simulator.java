package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.Marketplace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A HighLevel to test against, over HTTP/1.1 in clear text: every published operation with its rules, rate windows of any
 * kind, the six rate headers, a record store for every path, latency, scripted faults, and exact counts of what it accepted and refused.
 *
 * <p>All of it runs on one event loop, so that calls are judged one after the other and windows need no locks. It does
 * not promise HighLevel's validation of fields. Private tokens are given by name; apps, where some are listed, get theirs
 * by OAuth.
 */
public final class Simulator {

    private final Vertx vertx;
    private final String deployment;
    private final Listener listener;

    private Simulator(Vertx vertx, String deployment, Listener listener) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.listener = listener;
    }

    /** Completes when it accepts calls; fails when the port cannot be had. */
    public static Future<Simulator> start(Vertx vertx, SimulatorOptions options) {
        return start(vertx, options, epochNanos(), new SplittableRandom());
    }

    /**
     * As {@link #start}, and its first answers are as prompt as all others; a second or two. What is made warm is another
     * one, elsewhere, that has gone before this one takes its first call.
     */
    public static Future<Simulator> startWarm(Vertx vertx, SimulatorOptions options) {
        return start(vertx, WarmUp.like(options))
                .compose(other -> WarmUp.of(vertx, other.url()).eventually(other::close))
                .compose(warm -> start(vertx, options));
    }

    /**
     * @param clock nanoseconds since the epoch that never go back
     * @param random used on the simulator's event loop only, once it has started
     */
    static Future<Simulator> start(Vertx vertx, SimulatorOptions options, LongSupplier clock, RandomGenerator random) {
        Listener listener = new Listener(options, clock, random, PublishedTable.load());
        return vertx.deployVerticle(listener).map(deployment -> new Simulator(vertx, deployment, listener));
    }

    public int port() {
        return listener.server().actualPort();
    }

    /** {@code http://host:port}, without a slash at its end. */
    public String url() {
        String host = listener.options.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** May be called from any thread. */
    public SimulatorStats stats() {
        return listener.quotas.stats();
    }

    /** What {@code GET /_simulator/oauth} says. May be called from any thread. */
    public Future<JsonObject> oauth() {
        return listener.onLoop(OAuthControl::state);
    }

    /**
     * As {@code POST /_simulator/oauth}; a wrong order fails with an {@link IllegalArgumentException}. May be called from
     * any thread.
     */
    public Future<JsonObject> oauth(JsonObject order) {
        return listener.onLoop(control -> control.obey(order));
    }

    /** In PEM: those that its webhooks are signed with, the newer kind first. */
    public List<String> webhookKeys() {
        return Objects.requireNonNull(listener.webhooks).publicKeys();
    }

    /** Closes the port and every connection. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    /** The wall clock once, and from then on the time that has passed: fine, and never set back. */
    private static LongSupplier epochNanos() {
        Instant started = Instant.now();
        long zero = System.nanoTime();
        long base = started.getEpochSecond() * 1_000_000_000L + started.getNano();
        return () -> base + (System.nanoTime() - zero);
    }

    private static final class Listener extends VerticleBase {
        private final SimulatorOptions options;
        private final LongSupplier clock;
        private final RandomGenerator random;
        private final PublishedTable table;
        private final Quotas quotas;
        private final Marketplace marketplace;
        private final TokenTraffic traffic = new TokenTraffic();
        private final OAuthControl oauth;
        private volatile @Nullable WebhookEmitter webhooks;
        private volatile Future<HttpServer> bound = Future.failedFuture("not started");

        Listener(SimulatorOptions options, LongSupplier clock, RandomGenerator random, PublishedTable table) {
            this.table = table;
            this.options = options;
            this.clock = clock;
            this.random = random;
            this.quotas = new Quotas(options, clock, random);
            this.marketplace =
                    new Marketplace(options.oauth(), () -> Instant.EPOCH.plusNanos(clock.getAsLong()), random);
            this.oauth = new OAuthControl(marketplace, traffic);
        }

        @Override
        public Future<HttpServer> start() {
            FaultScript faults = new FaultScript();
            Records records = new Records(random);
            Admission admission = new Admission(options.requiresVersion());
            Endpoints endpoints = new Endpoints(
                    records,
                    admission,
                    new Validation(options.strict()),
                    new Mcp(vertx, options.eventGap()),
                    new OAuthEndpoints(marketplace),
                    options.gzip());
            Delivery delivery = new Delivery(vertx, options.latency(), random);
            OAuthDoors doors = new OAuthDoors(
                    new TokenDoor(marketplace, faults, quotas, delivery, traffic),
                    new ConsentDoor(marketplace),
                    admission,
                    delivery);
            TokenAuthority authority = new TokenAuthority(options.tokens(), marketplace);
            ApiDoor api = new ApiDoor(
                    options, authority, quotas, faults, table, admission, endpoints, doors, delivery, clock, random);
            webhooks = new WebhookEmitter(vertx, () -> Instant.EPOCH.plusNanos(clock.getAsLong()), random);
            ControlDoor control =
                    new ControlDoor(quotas, faults, records, oauth, webhooks, new WebhookInbox(webhooks, random));
            bound = vertx.createHttpServer(serverOptions())
                    .requestHandler(request -> route(request, api, control))
                    .listen(options.port(), options.host());
            return bound;
        }

        Future<JsonObject> onLoop(Function<OAuthControl, JsonObject> question) {
            Promise<JsonObject> answer = Promise.promise();
            context.runOnContext(
                    turn -> answer.handle(Future.succeededFuture(oauth).map(question)));
            return answer.future();
        }

        HttpServer server() {
            return bound.result();
        }

        private static void route(HttpServerRequest request, ApiDoor api, ControlDoor control) {
            if (ControlDoor.isMeant(request)) {
                control.handle(request);
            } else {
                api.handle(request);
            }
        }

        /** Wider than the usual bounds on heads: it is the gateway's bounds that are under test, not these. */
        private static HttpServerOptions serverOptions() {
            return new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(true)
                    .setMaxInitialLineLength(64 * 1024)
                    .setMaxHeaderSize(128 * 1024)
                    .setAcceptBacklog(4096);
        }
    }
}
