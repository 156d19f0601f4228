package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.dispatch.Urgency;
import io.ghlgateway.edge.CallerAuthenticator.Known;
import io.ghlgateway.edge.TenantSelection.Choice;
import io.ghlgateway.highlevel.BodyKind;
import io.ghlgateway.highlevel.NamedResource;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantBody;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, for whom, for what and how patiently: what a request's head says, and its body where the operation names its
 * tenant there.
 */
public final class Admission {

    /**
     * What the head says, as far as it was read.
     *
     * @param refusal why the request goes no further; null when it does, and then the caller is known
     * @param known who asks
     * @param tenant null also when only the body can tell; see {@link #prove}
     * @param quotaOf whose quota the answer tells, whatever becomes of the request: the one that the head by itself means;
     *     null when it means none, or none that the caller may know of
     * @param names whom the head names
     */
    record Decision(
            @Nullable Refusal refusal,
            @Nullable Known known,
            Route route,
            @Nullable Tenant tenant,
            @Nullable Tenant quotaOf,
            Patience.Wait patience,
            List<TenantName> names) {

        @Nullable
        Caller caller() {
            return known == null ? null : known.caller();
        }

        /** Whether the body must be read to its end before it is known, and proven, for whom the request is. */
        boolean needsBody() {
            return refusal == null && tenant == null;
        }
    }

    /**
     * For whom a request is.
     *
     * @param inBody whom its body names, as far as that was read
     */
    record Proven(Tenant tenant, List<NamedResource> inBody) {}

    /**
     * What is decided, as others may know it.
     *
     * @param refusal what the request would be answered with at once; then {@code tenant} may be empty
     * @param namedBy what named the tenant, as people read it; never empty where there is a tenant
     */
    public record Foretold(
            Optional<Refusal> refusal, Route route, Optional<Tenant> tenant, List<String> namedBy, Duration patience) {

        private static Foretold of(Decision decision) {
            return new Foretold(
                    Optional.ofNullable(decision.refusal()),
                    decision.route(),
                    Optional.ofNullable(decision.quotaOf()),
                    decision.names().isEmpty()
                            ? List.of("nobody is named, so it is the caller's own")
                            : decision.names().stream()
                                    .map(TenantName::toString)
                                    .toList(),
                    decision.patience().length());
        }
    }

    static final CharSequence APP = HttpHeaders.createOptimized("x-ghl-app");
    private static final Refusal WAIT_UNREADABLE =
            Refusal.of(Code.BAD_REQUEST, "Prefer: wait=SECONDS takes a number of seconds, 0 or more");

    /** What is read on the event loop, in bytes: some tenths of a millisecond at worst. */
    private static final int READ_AT_ONCE = 8 * 1024;

    private final Vertx vertx;
    private final CallerAuthenticator callers;
    private final TenantSelection tenants;
    private final Reassessment reassessment;
    private final RouteCatalogue routes;
    private final Supplier<Patience> patience;
    private final long mostBytes;
    private final Refusal tooLarge;
    private final BooleanSupplier draining;
    private final TokenPaths tokenPaths;

    /**
     * @param patience as it is in force
     * @param mostBytes how long a body may say that it is
     * @param publicUrl of the door where customers connect themselves, where there is one
     */
    public Admission(
            Vertx vertx,
            CallerAuthenticator callers,
            TenantRegistry tenants,
            RouteCatalogue routes,
            Supplier<Patience> patience,
            long mostBytes,
            BooleanSupplier draining,
            Optional<URI> publicUrl) {
        this.vertx = vertx;
        this.callers = callers;
        this.tenants = new TenantSelection(tenants);
        this.reassessment = new Reassessment(callers, this.tenants);
        this.routes = routes;
        this.patience = patience;
        this.mostBytes = mostBytes;
        this.tooLarge = BodyReader.tooLarge(mostBytes);
        this.draining = draining;
        this.tokenPaths = new TokenPaths(publicUrl);
    }

    /** What is to be waited for before {@link #decide}; null where it can be decided at once. */
    @Nullable
    Future<CallerTokens.Checked> pending(HttpServerRequest request) {
        return callers.pending(request.headers());
    }

    /**
     * @param request of sound form
     * @param judged what was {@link #pending}, if anything was
     */
    Decision decide(HttpServerRequest request, CallerTokens.@Nullable Checked judged) {
        var head = Head.of(request);
        var route = routes.match(head.method(), head.path());
        var ambiguous = RequestRules.ambiguous(routes, head.method(), head.path());
        if (ambiguous.isPresent()) {
            return refused(ambiguous.get(), null, route);
        }
        var caller = callers.caller(request.headers(), judged);
        if (caller.isEmpty()) {
            return refused(
                    draining.getAsBoolean()
                            ? Refusal.draining()
                            : Refusal.of(Code.UNAUTHORIZED, callers.whyNobody(request.headers(), judged)),
                    null,
                    route);
        }
        var decision = decide(head, caller.get(), route);
        return reassessment.stands(caller.get()) ? decision : decide(request, judged);
    }

    /**
     * What would be decided of a request, if this caller sent it without a body. Any thread; nothing comes of it.
     *
     * @param uri path and query, still encoded
     * @param headers of those that the gateway reads, and no key
     */
    public Foretold foretell(Caller caller, HttpMethod method, String uri, MultiMap headers) {
        var broken = RequestRules.brokenLine(routes, method, uri);
        if (broken.isPresent()) {
            return Foretold.of(refused(broken.get(), new Known(caller, null), Route.unknown(method)));
        }
        var head = Head.of(method, uri, headers, false);
        return Foretold.of(decide(head, new Known(caller, null), routes.match(method, head.path())));
    }

    /** How urgent a request of this caller's is that asks for this. */
    public Urgency urgency(Caller caller, Urgency asked) {
        return Authorisation.urgency(caller, asked);
    }

    private Decision decide(Head head, Known known, Route route) {
        var caller = known.caller();
        var names = tenants.named(head, route);
        var choice = tenants.choose(caller, route, names, head.header(APP));
        var meant = choice instanceof Choice.Chosen chosen ? chosen.tenant() : null;
        var wait = patience.get().of(head.headers());
        var refusal = unwelcome(head, caller, route);
        if (refusal.isEmpty()) {
            refusal = wait.isEmpty() ? Optional.of(WAIT_UNREADABLE) : refusal(head, caller, route, names, choice);
        }
        boolean proven = refusal.isEmpty() && !mayNameTenantInBody(head, route);
        return new Decision(
                refusal.orElse(null),
                known,
                route,
                proven ? meant : null,
                meant,
                wait.orElse(Patience.Wait.NONE),
                names);
    }

    /** Whomever it is for. */
    private Optional<Refusal> unwelcome(Head head, Caller caller, Route route) {
        if (draining.getAsBoolean()) {
            return Optional.of(Refusal.draining());
        }
        var refusal = tokenPaths.refusal(head.method(), head.path());
        return refusal.isPresent() ? refusal : Authorisation.refusal(caller, head.method(), head.path(), route);
    }

    /** Where the body may name the tenant, the head's choice is not the last word. */
    private Optional<Refusal> refusal(Head head, Caller caller, Route route, List<TenantName> names, Choice choice) {
        if (mayNameTenantInBody(head, route)) {
            return tenants.outOfReach(caller, names)
                    .or(() -> tooLong(head, mostBytes, tooLarge))
                    .or(() -> tooLong(head, BodyReader.MOST_TO_PROVE, BodyReader.TOO_LARGE_TO_PROVE));
        }
        return choice instanceof Choice.Rejected rejected
                ? Optional.of(rejected.refusal())
                : tooLong(head, mostBytes, tooLarge);
    }

    /**
     * For whom a request is that {@link Decision#needsBody}. On its event loop, and back on it; a large body is read off
     * it.
     *
     * @param body the whole of it
     * @return fails with {@link RefusedException}
     */
    Future<Proven> prove(Decision decision, HttpServerRequest request, Buffer body) {
        var head = Head.of(request);
        var type = head.headerOrNothing(HttpHeaders.CONTENT_TYPE);
        var coding = head.headerOrNothing(HttpHeaders.CONTENT_ENCODING);
        return body.length() <= READ_AT_ONCE && coding.isEmpty()
                ? prove(decision, head, TenantBody.read(decision.route(), type, coding, body))
                : vertx.executeBlocking(() -> TenantBody.read(decision.route(), type, coding, body), false)
                        .compose(reading -> prove(decision, head, reading));
    }

    private Future<Proven> prove(Decision decision, Head head, TenantBody.Reading reading) {
        if (reading.problem().isPresent()) {
            return rejected(Refusal.of(Code.BAD_REQUEST, reading.problem().get()));
        }
        var choice = reassessment.choose(decision.known(), decision.route(), head, reading.named());
        return choice instanceof Choice.Chosen chosen
                ? Future.succeededFuture(new Proven(chosen.tenant(), reading.named()))
                : rejected(((Choice.Rejected) choice).refusal());
    }

    /**
     * Why a request that was admitted must not be sent any more: its caller was removed while it waited, or may no longer do
     * this. A look-up where nothing was changed. Any thread.
     */
    Optional<Refusal> withdrawn(Decision decision, HttpServerRequest request, Proven proven) {
        return reassessment.withdrawn(decision.known(), decision.route(), () -> Head.of(request), proven);
    }

    private static boolean mayNameTenantInBody(Head head, Route route) {
        return route.namesTenantInBody()
                && head.hasBody()
                && !(route.bodyKind() == BodyKind.MULTIPART
                        && TenantBody.isMultipart(head.headerOrNothing(HttpHeaders.CONTENT_TYPE)));
    }

    private static <T> Future<T> rejected(Refusal refusal) {
        return Future.failedFuture(new RefusedException(refusal));
    }

    private static Decision refused(Refusal refusal, @Nullable Known known, Route route) {
        return new Decision(refusal, known, route, null, null, Patience.Wait.NONE, List.of());
    }

    private static Optional<Refusal> tooLong(Head head, long most, Refusal refusal) {
        var length = head.header(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 18 || Long.parseLong(length) > most)
                ? Optional.of(refusal)
                : Optional.empty();
    }
}
