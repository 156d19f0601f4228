package io.ghlgateway.simulator;

import io.ghlgateway.simulator.TokenAuthority.Grant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
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
    private static final Grant STRANGER = new Grant("strangers", Optional.empty(), false, Optional.empty());

    private final SimulatorOptions options;
    private final TokenAuthority authority;
    private final Quotas quotas;
    private final FaultScript faults;
    private final PublishedTable table;
    private final Admission admission;
    private final Endpoints endpoints;
    private final OAuthDoors oauth;
    private final Delivery delivery;
    private final LongSupplier clock;
    private final RandomGenerator random;

    ApiDoor(
            SimulatorOptions options,
            TokenAuthority authority,
            Quotas quotas,
            FaultScript faults,
            PublishedTable table,
            Admission admission,
            Endpoints endpoints,
            OAuthDoors oauth,
            Delivery delivery,
            LongSupplier clock,
            RandomGenerator random) {
        this.options = options;
        this.authority = authority;
        this.quotas = quotas;
        this.faults = faults;
        this.table = table;
        this.admission = admission;
        this.endpoints = endpoints;
        this.oauth = oauth;
        this.delivery = delivery;
        this.clock = clock;
        this.random = random;
    }

    void handle(HttpServerRequest request) {
        Visit visit = visit(request);
        if (visit.header("User-Agent").orElse("").startsWith(BANNED_AGENT)) {
            delivery.reply(visit, EdgePage.CLOUDFLARE_1010.answer());
            return;
        }
        if (oauth.handles(visit)) {
            return;
        }
        Optional<String> authorization = visit.header("Authorization");
        Optional<Grant> grant = authorization.flatMap(authority::grant);
        boolean open = visit.operation().filter(Operation::needsNoToken).isPresent();
        if (grant.isEmpty() && !open) {
            delivery.reply(visit, visit.refusal(authority.refusal(authorization.orElse(null))));
            return;
        }
        Optional<Answer> wrongVersion = admission.wrongVersion(visit);
        if (wrongVersion.isPresent()) {
            delivery.reply(visit, wrongVersion.get());
        } else if (grant.isPresent()) {
            admit(visit, grant.get(), quotas.of(grant.get().quota()));
        } else {
            answer(visit, STRANGER, delivery.usual());
        }
    }

    private Visit visit(HttpServerRequest request) {
        return new Visit(
                request,
                clock.getAsLong(),
                ReceivedBody.read(request),
                table.match(request.method().name(), Visit.path(request)),
                new Voice(
                        new UUID(random.nextLong(), random.nextLong()).toString(),
                        "v3".equals(request.getHeader("Version"))));
    }

    private void admit(Visit visit, Grant grant, Quota quota) {
        if (!quota.admits(visit.arrived())) {
            quota.refuse(visit.arrived());
            describe(visit, quota);
            Duration pause = options.retryAfter() ? quota.pause(visit.arrived()) : Duration.ZERO;
            delivery.reply(visit, visit.refusal(429, "Too Many Requests").retryAfter(pause));
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
        answer(visit, grant, delivery.usual());
    }

    private void misbehave(Visit visit, Grant grant, Quota quota, Fault fault) {
        Duration delay = fault.delay().isZero() ? delivery.usual() : fault.delay();
        switch (fault.kind()) {
            case REVOKE -> delivery.reply(visit, delay, visit.refusal(revoked(grant)));
            case THROTTLE -> {
                quota.throttle();
                describe(visit, quota);
                delivery.reply(visit, delay, fault.tooMany(visit));
            }
            default -> {
                if (!fault.atEdge()) {
                    quota.accept(visit.arrived());
                    describe(visit, quota);
                }
                spoil(visit, grant, fault, delay);
            }
        }
    }

    /** The faults of a call that has been paid for. */
    private void spoil(Visit visit, Grant grant, Fault fault, Duration delay) {
        switch (fault.kind()) {
            case FAIL -> {
                Future<?> before = fault.commits() ? whole(visit, grant, Duration.ZERO) : visit.body();
                delivery.send(
                        visit, before.compose(done -> delivery.pause(delay)).map(fault.failure(visit)));
            }
            case DROP -> {
                Future<?> due = endpoints.givesTokens(visit) ? whole(visit, grant, delay) : delivery.pause(delay);
                due.onComplete(lost -> visit.hangUp());
            }
            case RESET -> delivery.sendHalf(visit, whole(visit, grant, delay));
            default -> {
                if (!fault.delay().isZero()) {
                    answer(visit, grant, delay);
                } else if (endpoints.givesTokens(visit)) {
                    made(visit, grant); // and the caller waits until it gives up
                }
            }
        }
    }

    private void answer(Visit visit, Grant grant, Duration delay) {
        delivery.send(visit, whole(visit, grant, delay));
    }

    /** What gives out tokens takes effect at once, so that its answer can be late or lost; all else after the delay. */
    private Future<Reply> whole(Visit visit, Grant grant, Duration delay) {
        return endpoints.givesTokens(visit)
                ? made(visit, grant).compose(reply -> delivery.pause(delay).map(reply))
                : Future.all(visit.body(), delivery.pause(delay)).compose(ready -> made(visit, grant));
    }

    private Future<Reply> made(Visit visit, Grant grant) {
        return visit.body().map(body -> endpoints.reply(visit, grant, body, Instant.EPOCH.plusNanos(visit.arrived())));
    }

    private void describe(Visit visit, Quota quota) {
        if (options.rateHeaders()) {
            quota.describe(visit.arrived(), visit.request().response().headers());
        }
    }

    private static Wording revoked(Grant grant) {
        return grant.installation().isPresent() ? Wording.INVALID_JWT : Wording.PRIVATE_TOKEN_INVALID;
    }
}
