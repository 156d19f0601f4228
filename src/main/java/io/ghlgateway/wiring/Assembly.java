package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Health;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.edge.BodyMemory;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.highlevel.Circuit;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.telemetry.AccessLog;
import io.ghlgateway.telemetry.EdgeObservers;
import io.ghlgateway.telemetry.Meters;
import io.ghlgateway.telemetry.Tracing;
import io.ghlgateway.tenancy.TenantRegistry;
import io.ghlgateway.webhooks.EventQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The composition root: the parts of a gateway are made and joined here, and in the records of this package that it
 * calls, by hand.
 *
 * @param tokenTicker goes on with {@code tokenClock}
 * @param tokenClock tells when tokens end: of days, so that tests have another
 * @param rehearsed completes when the public door may open
 */
public record Assembly(
        Vertx vertx,
        int loops,
        Settings settings,
        Optional<ConfigSource> source,
        Ticker tokenTicker,
        InstantSource tokenClock,
        Future<Void> rehearsed) {

    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** First what is kept (tokens, events, budgets), off the event loop; then what lives on it. */
    public Future<Gateway> start() {
        var meters = new Meters(settings.admin().hashIds());
        return vertx.executeBlocking(() -> TokenShelves.open(settings, tokenTicker, tokenClock), false)
                .compose(shelves -> vertx.executeBlocking(() -> WebhookQueues.open(settings, meters.webhooks()))
                        .compose(queue -> vertx.executeBlocking(
                                        () -> Backing.open(settings, Ticker.systemTicker(), meters))
                                .compose(backing -> open(backing, shelves, queue, meters))));
    }

    private Future<Gateway> open(
            Backing backing, Optional<TokenShelves> shelves, Optional<EventQueue> queue, Meters meters) {
        var ticker = Ticker.systemTicker();
        var tenants = new TenantRegistry(settings.bareTenants());
        var callers = OperatorsApi.callers(settings);
        var health = new Health(backing.plain()::isAlone, backing.plain()::weaknesses);
        var credentials = Credentials.of(
                vertx,
                settings,
                shelves,
                tenants,
                callers,
                backing.plain(),
                tokenTicker,
                tokenClock,
                meters.credentials());
        var webhooks = Webhooks.of(vertx, settings, credentials, tenants, queue, meters.webhooks());
        credentials.begin().run();
        var ready = Future.all(backing.plain().opened(), credentials.ready()).<Void>mapEmpty();
        var alarm = LoopAlarm.of(vertx);
        var lanes = new Lanes(
                backing.budgets(),
                Optional.of(backing.callers()),
                ticker,
                alarm,
                settings.queue(),
                settings.limits().permitTtl(),
                meters);
        var tracing = tracing();
        var observers = new ArrayList<EdgeEvents>(List.of(meters, new AccessLog()));
        tracing.ifPresent(observers::add);
        var edgeEvents = new EdgeObservers(observers);
        var inForce = new AtomicReference<>(settings);
        var identification = Identification.of(vertx, inForce::get, tenants, callers, health, edgeEvents);
        var proxy = new ProxyDoor(
                vertx,
                settings,
                loops,
                identification.admission(),
                lanes,
                credentials.tokens(),
                ProxyDoor.retries(settings.retry(), ticker),
                new Circuit(ticker, meters::circuitOpened),
                ticker,
                edgeEvents,
                meters.connections("proxy"),
                new BodyMemory(settings.queue().bytes()));
        var configured = new Configured(tenants, callers, credentials);
        var reload = source.map(from -> new Reload(vertx, from, inForce, configured, List.of(backing, identification)));
        var operators = new OperatorsApi(
                        settings,
                        inForce::get,
                        reload,
                        tenants,
                        callers,
                        identification.admission(),
                        backing,
                        lanes,
                        credentials,
                        webhooks,
                        ticker)
                .door(vertx, health, meters);
        meters.watch(lanes::waiting, backing.budgets(), Configured.budgetKeys(tenants));
        meters.watch(backing.egress());
        LoopWatch.start(vertx, loops, ticker, meters::loopLate);
        vertx.setPeriodic(SWEEP.toMillis(), id -> lanes.sweep());
        return operators
                .listen(OperatorsApi.listening(settings, meters))
                .recover(cause -> closed(
                        "admin", settings.admin().host(), settings.admin().port(), cause))
                .compose(admin -> proxy.open()
                        .recover(cause -> closed(
                                "proxy",
                                settings.proxy().host(),
                                settings.proxy().port(),
                                cause))
                        .compose(doors -> rehearsed
                                .compose(may -> PublicDoor.open(vertx, settings, credentials, webhooks, meters))
                                .recover(cause -> closed(
                                        "public",
                                        settings.publicDoor().host(),
                                        settings.publicDoor().port(),
                                        cause))
                                .onSuccess(open -> ready.onSuccess(complete -> health.started()))
                                .map(open -> new Gateway(new Gateway.Parts(
                                        vertx,
                                        settings,
                                        backing,
                                        lanes,
                                        health,
                                        meters,
                                        doors,
                                        admin,
                                        credentials,
                                        webhooks,
                                        open,
                                        reload,
                                        tracing,
                                        ready)))));
    }

    private Optional<Tracing> tracing() {
        return settings.tracing()
                .map(to -> new Tracing(
                        new Tracing.Setup(
                                to.endpoint(),
                                to.headers(),
                                to.serviceName(),
                                to.samplingRatio(),
                                to.propagate(),
                                settings.admin().hashIds(),
                                settings.redis().isPresent()),
                        Ticker.systemTicker(),
                        InstantSource.system()));
    }

    private static <T> Future<T> closed(String door, String host, int port, Throwable cause) {
        return Future.failedFuture(new IOException(
                door + ".host and " + door + ".port: cannot listen on " + host + ":" + port + ": " + cause.getMessage(),
                cause));
    }
}
