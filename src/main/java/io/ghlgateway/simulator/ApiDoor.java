package io.ghlgateway.simulator;

import io.ghlgateway.simulator.TokenAuthority.Grant;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * HighLevel's door: who calls, is there quota, does a fault strike, and then the answer. A call is counted at the moment
 * its head arrived; latency is served afterwards. What fails before the quota (401) is not counted; what fails after it
 * (403, 404, 400) has spent its call. Runs on the simulator's one event loop.
 */
final class ApiDoor {

    /** What the edge in front of HighLevel takes offence at. */
    private static final String BANNED_AGENT = "Python-urllib";

    /** Whose calls those are that need no token; no quota is kept for them. */
    private static final Grant STRANGER = new Grant("strangers", Optional.empty(), false);

    private final Vertx vertx;
    private final SimulatorOptions options;
    private final TokenAuthority authority;
    private final Quotas quotas;
    private final FaultScript faults;
    private final PublishedTable table;
    private final Admission admission;
    private final Endpoints endpoints;
    private final LongSupplier clock;
    private final RandomGenerator random;

    ApiDoor(
            Vertx vertx,
            SimulatorOptions options,
            Quotas quotas,
            FaultScript faults,
            PublishedTable table,
            Admission admission,
            Endpoints endpoints,
            LongSupplier clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.options = options;
        this.authority = new TokenAuthority(options.tokens());
        this.quotas = quotas;
        this.faults = faults;
        this.table = table;
        this.admission = admission;
        this.endpoints = endpoints;
        this.clock = clock;
        this.random = random;
    }

    void handle(HttpServerRequest request) {
        Visit visit = visit(request);
        if (visit.header("User-Agent").orElse("").startsWith(BANNED_AGENT)) {
            EdgePage page = EdgePage.CLOUDFLARE_1010;
            reply(visit, usual(), Answer.text(page.status(), page.contentType(), page.body()));
            return;
        }
        Optional<String> authorization = visit.header("Authorization");
        Optional<Grant> grant = authorization.flatMap(authority::grant);
        boolean open = visit.operation().filter(Operation::needsNoToken).isPresent();
        if (grant.isEmpty() && !open) {
            String message = authorization.isEmpty() ? "Invalid JWT" : "Invalid Private Integration token";
            reply(visit, usual(), visit.refusal(401, message));
            return;
        }
        Optional<Answer> wrongVersion = admission.wrongVersion(visit);
        if (wrongVersion.isPresent()) {
            reply(visit, usual(), wrongVersion.get());
        } else if (grant.isPresent()) {
            judge(visit, grant.get(), quotas.of(grant.get().resource()));
        } else {
            answer(visit, STRANGER, usual());
        }
    }

    private Visit visit(HttpServerRequest request) {
        String path = request.path();
        return new Visit(
                request,
                clock.getAsLong(),
                ReceivedBody.read(request),
                table.match(request.method().name(), path == null ? "" : path),
                new Voice(
                        new UUID(random.nextLong(), random.nextLong()).toString(),
                        "v3".equals(request.getHeader("Version"))));
    }

    private void judge(Visit visit, Grant grant, Quota quota) {
        if (!quota.admits(visit.arrived())) {
            quota.refuse(visit.arrived());
            describe(visit, quota);
            reply(visit, usual(), tooMany(visit, options.retryAfter() ? quota.pause(visit.arrived()) : Duration.ZERO));
            return;
        }
        Optional<Fault> fault = faults.strike(visit.method(), visit.path(), grant.resource());
        if (fault.isPresent()) {
            quotas.faultStruck();
            misbehave(visit, grant, quota, fault.get());
            return;
        }
        quota.accept(visit.arrived());
        describe(visit, quota);
        answer(visit, grant, usual());
    }

    private void misbehave(Visit visit, Grant grant, Quota quota, Fault fault) {
        Duration delay = fault.delay().isZero() ? usual() : fault.delay();
        switch (fault.kind()) {
            case REVOKE -> reply(visit, delay, visit.refusal(401, "Invalid Private Integration token"));
            case THROTTLE -> {
                quota.throttle();
                describe(visit, quota);
                reply(visit, delay, tooMany(visit, fault.retryAfter()));
            }
            default -> {
                quota.accept(visit.arrived());
                describe(visit, quota);
                spoil(visit, grant, fault, delay);
            }
        }
    }

    /** The faults of a call that has been paid for. */
    private void spoil(Visit visit, Grant grant, Fault fault, Duration delay) {
        switch (fault.kind()) {
            case FAIL -> {
                retryAfter(visit, fault.retryAfter());
                reply(visit, delay, failure(visit, fault));
            }
            case DROP -> pause(delay).onSuccess(due -> visit.hangUp());
            case RESET ->
                whole(visit, grant, delay)
                        .compose(reply -> reply.sendHalfTo(visit.request().response()))
                        .onComplete(sent -> visit.hangUp());
            default -> {
                // A stall without a delay: the caller waits until it gives up.
                if (!fault.delay().isZero()) {
                    answer(visit, grant, delay);
                }
            }
        }
    }

    private static Answer failure(Visit visit, Fault fault) {
        return fault.words()
                .map(words -> visit.voice().refusal(fault.status(), words))
                .orElseGet(() -> Answer.text(fault.status(), fault.contentType(), fault.body()));
    }

    private void answer(Visit visit, Grant grant, Duration delay) {
        send(visit, whole(visit, grant, delay));
    }

    private Future<Reply> whole(Visit visit, Grant grant, Duration delay) {
        return Future.all(visit.body(), pause(delay))
                .map(ready ->
                        endpoints.reply(visit, grant, visit.body().result(), Instant.EPOCH.plusNanos(visit.arrived())));
    }

    private void reply(Visit visit, Duration delay, Reply reply) {
        send(visit, Future.all(visit.body(), pause(delay)).map(reply));
    }

    private static void send(Visit visit, Future<Reply> reply) {
        reply.recover(defect -> Future.succeededFuture(visit.refusal(500, String.valueOf(defect))))
                .compose(ready -> ready.sendTo(visit.request().response()))
                // Either the caller has gone, and nobody is there to be told, or the answer broke off and must not
                // look whole.
                .onFailure(broken -> visit.hangUp());
    }

    private void describe(Visit visit, Quota quota) {
        if (options.rateHeaders()) {
            quota.describe(visit.arrived(), visit.request().response().headers());
        }
    }

    private static Answer tooMany(Visit visit, Duration retryAfter) {
        retryAfter(visit, retryAfter);
        return visit.refusal(429, "Too Many Requests");
    }

    private static void retryAfter(Visit visit, Duration pause) {
        if (!pause.isZero()) {
            long seconds = pause.plusNanos(999_999_999).toSeconds();
            visit.request().response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
    }

    private Duration usual() {
        return options.latency().sample(random);
    }

    private Future<Void> pause(Duration duration) {
        long millis = duration.plusNanos(500_000).toMillis();
        return millis == 0
                ? Future.succeededFuture()
                : vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
    }
}
