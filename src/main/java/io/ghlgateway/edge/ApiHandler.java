package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.Deadline;
import io.ghlgateway.dispatch.Dispatcher;
import io.ghlgateway.dispatch.Outcome;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.edge.Admission.Proven;
import io.ghlgateway.highlevel.HeaderFilter;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request from its head to its answer: admit, take the body, dispatch, answer. One instance belongs to one
 * event loop.
 */
public final class ApiHandler implements Handler<HttpServerRequest> {

    /** Ours to read or to set; what stands in them is between the caller and the gateway. */
    private static final List<String> OURS = List.of(
            "authorization",
            "host",
            "expect",
            "x-gateway-key",
            "x-tenant",
            "x-ghl-location-id",
            "x-ghl-app",
            "prefer",
            "forwarded",
            "x-real-ip",
            // Of the callers' tracing. Of ours HighLevel hears where an operator wants it to.
            "traceparent",
            "tracestate",
            "baggage",
            // By these some servers take another method or path than the one that was judged.
            "x-http-method-override",
            "x-http-method",
            "x-method-override",
            "x-original-url",
            "x-rewrite-url");

    /** What says for whom another proxy asks, or who it believes that is: HighLevel hears neither from us. */
    private static final List<String> OTHERS = List.of("x-forwarded-", "x-user-");

    static final HeaderFilter NOT_SENT_UPSTREAM = new HeaderFilter(OURS, OTHERS);

    private static final CharSequence VERSION = HttpHeaders.createOptimized("Version");
    private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
    private static final CharSequence US = HttpHeaders.createOptimized("1.1 ghl-gateway");

    private final Admission admission;
    private final BodyReader bodies;
    private final BodyMemory memory;
    private final Duration stall;
    private final Dispatcher dispatcher;
    private final UserAgent userAgent;
    private final Supplier<String> requestIds;
    private final Ticker ticker;
    private final EdgeEvents events;
    private final RateLimitFields rateLimits = new RateLimitFields();

    private int open; // requests that were let in and have no outcome yet
    private @Nullable Promise<Void> quiet;

    /**
     * @param stall how long an answer of ours may lie there without being taken
     * @param requestIds makes up an id for a request that brought none
     */
    public ApiHandler(
            Admission admission,
            BodyReader bodies,
            BodyMemory memory,
            Duration stall,
            Dispatcher dispatcher,
            UserAgent userAgent,
            Supplier<String> requestIds,
            Ticker ticker,
            EdgeEvents events) {
        this.admission = admission;
        this.bodies = bodies;
        this.memory = memory;
        this.stall = stall;
        this.dispatcher = dispatcher;
        this.userAgent = userAgent;
        this.requestIds = requestIds;
        this.ticker = ticker;
        this.events = events;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.pause();
        var visit = new Visit(request, requestIds, memory, stall, ticker, events);
        orFail(visit, () -> receive(visit));
    }

    /** What comes before there is a call; a defect in it would reach nobody else. */
    private static void orFail(Visit visit, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException defect) {
            visit.fail(defect);
        }
    }

    private void receive(Visit visit) {
        var broken = RequestRules.broken(visit.request());
        if (broken.isPresent()) {
            // Who sends one such request may have meant something else by it than we read: no other is taken from
            // there.
            HttpDoor.closeAfter(visit.request());
            visit.refuse(broken.get());
            return;
        }
        var pending = admission.pending(visit.request());
        if (pending == null) {
            serve(null, visit);
        } else {
            pending.onComplete((judged, defect) -> visit.atHome(() -> {
                if (defect == null) {
                    orFail(visit, () -> serve(judged, visit));
                } else {
                    visit.conclude(null, defect);
                }
            }));
        }
    }

    private void serve(CallerTokens.@Nullable Checked judged, Visit visit) {
        var request = visit.request();
        var decision = admission.decide(request, judged);
        visit.note(decision);
        var quotaOf = decision.quotaOf();
        if (quotaOf != null) {
            visit.showsQuota(
                    headers -> rateLimits.write(dispatcher.standing(BudgetKey.of(quotaOf), request.uri()), headers));
        }
        if (decision.refusal() != null) {
            visit.refuse(decision.refusal());
            return;
        }
        var outcome = beforeTheBody(decision, visit)
                .compose(ready -> bodies.read(request, decision.needsBody(), visit::keeps))
                .compose(body -> decision.needsBody()
                        ? admission
                                .prove(decision, request, body.head())
                                .compose(proven -> dispatch(decision, proven, body, visit))
                        : dispatch(decision, new Proven(decision.tenant(), List.of()), body, visit));
        open++;
        outcome.onComplete((known, failure) -> {
            try {
                visit.conclude(known, failure);
            } finally {
                open--;
                if (open == 0 && quiet != null) {
                    quiet.tryComplete();
                }
            }
        });
    }

    /**
     * Completes when no request is without an outcome, of those too whose callers are gone: writes go on without them. On the
     * event loop of the requests.
     */
    Future<Void> quiet() {
        if (open == 0) {
            return Future.succeededFuture();
        }
        if (quiet == null) {
            quiet = Promise.promise();
        }
        return quiet.future();
    }

    /** Who asks before it sends a body is told now what it would be told after it (RFC 9110, section 10.1.1). */
    private Future<Void> beforeTheBody(Admission.Decision decision, Visit visit) {
        if (!BodyReader.isAskedFor(visit.request()) || decision.tenant() == null) {
            return Future.succeededFuture();
        }
        return dispatcher
                .foretell(call(decision, decision.tenant(), RequestBody.EMPTY, visit))
                .compose(refusal -> refusal.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new RefusedException(refusal.get())));
    }

    private Future<Outcome> dispatch(Admission.Decision decision, Proven proven, RequestBody body, Visit visit) {
        var call = call(decision, proven.tenant(), body, visit);
        call.unless(() -> admission.withdrawn(decision, visit.request(), proven));
        visit.showsQuota(headers -> rateLimits.write(dispatcher.standing(call), headers));
        visit.began(call);
        return dispatcher.dispatch(call);
    }

    private Call call(Admission.Decision decision, Tenant tenant, RequestBody body, Visit visit) {
        var request = visit.request();
        return new Call(
                decision.caller(),
                tenant,
                decision.route(),
                new UpstreamRequest(request.method(), request.uri(), upstreamHeaders(request, decision), body),
                Deadline.after(visit.arrived(), decision.patience().length()),
                Priority.urgency(request.headers(), decision.caller()),
                visit::atHome);
    }

    /** What passes to HighLevel: the caller's end-to-end headers, and what HighLevel demands where the caller said nothing. */
    private MultiMap upstreamHeaders(HttpServerRequest request, Admission.Decision decision) {
        var headers = HttpHeaders.headers();
        NOT_SENT_UPSTREAM.copyEndToEnd(request.headers(), headers);
        userAgent.write(headers);
        if (!headers.contains(VERSION)) {
            headers.add(VERSION, decision.route().defaultVersion());
        }
        headers.add(VIA, US);
        return headers;
    }
}
