package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * A HighLevel to test against. It promises to count exactly: a call counts at the moment its head arrives, before
 * anything else is done with it, and each is either accepted or refused. It does not promise HighLevel's schemas.
 *
 * <p>All state lives on one event loop.
 */
public final class Simulator {

    private final Vertx vertx;
    private final SimulatorOptions options;
    private final LongSupplier clock;
    private final SplittableRandom random = new SplittableRandom();
    private final Access access;
    private final FaultScript faults = new FaultScript();
    private final Records records = new Records(random);
    private final Replies replies = new Replies(records);
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private long began;
    private Optional<HttpServer> server = Optional.empty();

    private Simulator(Vertx vertx, SimulatorOptions options, LongSupplier clock) {
        this.vertx = vertx;
        this.options = options;
        this.clock = clock;
        this.access = new Access(options.tokens());
        this.began = clock.getAsLong();
    }

    public static Future<Simulator> start(Vertx vertx, SimulatorOptions options) {
        return start(vertx, options, System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    static Future<Simulator> start(Vertx vertx, SimulatorOptions options, LongSupplier clock) {
        var simulator = new Simulator(vertx, options, clock);
        var control = new Control(simulator.faults, simulator::stats, simulator::reset);
        var http = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setMaxInitialLineLength(64 * 1024)
                .setMaxHeaderSize(64 * 1024);
        return vertx.createHttpServer(http)
                .requestHandler(request -> {
                    if (request.path() != null && request.path().startsWith("/_simulator/")) {
                        control.handle(request);
                    } else {
                        simulator.arrived(request);
                    }
                })
                .listen()
                .map(listening -> {
                    simulator.server = Optional.of(listening);
                    return simulator;
                });
    }

    public int port() {
        return server.map(HttpServer::actualPort).orElse(options.port());
    }

    public String url() {
        return "http://" + options.host() + ":" + port();
    }

    public Future<Void> close() {
        return server.map(HttpServer::close).orElseGet(Future::succeededFuture);
    }

    /** What was counted so far; to be read on the simulator's event loop or when it is quiet. */
    public JsonObject stats() {
        var resources = new JsonObject();
        long accepted = 0;
        long refused = 0;
        for (var account : accounts.entrySet()) {
            resources.put(account.getKey(), account.getValue().stats());
            accepted += account.getValue().accepted();
            refused += account.getValue().refused();
        }
        return new JsonObject()
                .put("accepted", accepted)
                .put("refused", refused)
                .put("elapsed_ms", (clock.getAsLong() - began) / 1_000_000)
                .put("resources", resources);
    }

    private void reset() {
        accounts.clear();
        records.clear();
        faults.clear();
        began = clock.getAsLong();
    }

    private void arrived(HttpServerRequest request) {
        long now = clock.getAsLong();
        var version = Access.version(request.headers());
        var resource = access.resource(request);
        if (version.isPresent() || resource.isEmpty()) {
            var refused = version.orElseGet(Refused::badToken);
            drained(request, () -> replies.refuse(request, refused));
            return;
        }
        var account = accounts.computeIfAbsent(resource.get(), id -> new Account(options, began));
        var fault = faults.next(request.method().name(), request.path(), resource.get());
        if (fault.isPresent() && fault.get().kind() != Fault.Kind.RESET) {
            befall(request, fault.get(), account);
            return;
        }
        boolean accepted = account.accept(now);
        if (options.rateHeaders()) {
            account.writeHeaders(now, request.response().headers());
        }
        if (!accepted) {
            account.retryAfter()
                    .ifPresent(wait -> request.response().putHeader("Retry-After", String.valueOf(wait.toSeconds())));
            drained(request, () -> later(() -> replies.refuse(request, Refused.tooMany())));
        } else if (fault.isPresent()) {
            drained(request, () -> after(fault.get().delay(), () -> replies.breakOff(request)));
        } else {
            answer(request, resource.get());
        }
    }

    private void answer(HttpServerRequest request, String resource) {
        if (replies.streams(request)) {
            replies.stream(request);
            return;
        }
        BodyDigest.of(request).onSuccess(body -> {
            var other = access.location(request, body.json(), resource);
            later(() -> {
                if (other.isPresent()) {
                    replies.refuse(request, other.get());
                } else {
                    replies.answer(request, body);
                }
            });
        });
    }

    private void befall(HttpServerRequest request, Fault fault, Account account) {
        switch (fault.kind()) {
            case THROTTLE -> {
                account.refuse();
                if (options.rateHeaders()) {
                    account.writeHeaders(clock.getAsLong(), request.response().headers());
                }
                account.retryAfter()
                        .ifPresent(
                                wait -> request.response().putHeader("Retry-After", String.valueOf(wait.toSeconds())));
                drained(request, () -> after(fault.delay(), () -> replies.refuse(request, Refused.tooMany())));
            }
            case FAIL -> drained(request, () -> after(fault.delay(), () -> replies.fail(request, fault)));
            case STALL -> {
                request.handler(chunk -> {});
                if (!fault.delay().isZero()) {
                    account.accept(clock.getAsLong());
                    after(fault.delay(), () -> replies.answer(request, BodyDigest.EMPTY));
                }
            }
            case DROP -> after(fault.delay(), () -> request.connection().close());
            case REVOKE -> drained(request, () -> replies.refuse(request, Refused.badToken()));
            case RESET -> throw new IllegalStateException("a reset befalls a call that was counted");
        }
    }

    private static void drained(HttpServerRequest request, Runnable then) {
        request.handler(chunk -> {});
        request.endHandler(end -> then.run());
        if (request.isEnded()) {
            then.run();
        }
    }

    /** When the answer is due. */
    private void later(Runnable answer) {
        var range = options.latency();
        long spread = range.most().toMillis() - range.least().toMillis();
        long millis = range.least().toMillis() + (spread > 0 ? random.nextLong(spread + 1) : 0);
        if (options.tail() > 0 && random.nextDouble() < options.tail()) {
            millis *= 5;
        }
        after(Duration.ofMillis(millis), answer);
    }

    private void after(Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
        } else {
            vertx.setTimer(delay.toMillis(), id -> action.run());
        }
    }
}
