package io.ghlgateway.admin;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.http.BrokenBody;
import io.ghlgateway.http.DoorLimits;
import io.ghlgateway.http.Flaw;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.http.Listening;
import io.ghlgateway.http.RequestForm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The operators' door. {@code /metrics}, {@code /health/…} and the console's files are open to whoever reaches it; all else as {@link
 * OperatorsGuard} has it.
 *
 * @param metrics the scrape, in Prometheus' text format
 * @param status what the gateway knows of itself, without secrets
 * @param guard of all but metrics, health and the console's files
 * @param budgets empty where there are none to be seen
 * @param explanations empty where there is no proxy door to explain
 * @param credentials empty where no keyset is configured
 * @param webhooks empty where no app is configured
 * @param reload empty where there is no file to be read again
 * @param live empty where there is nothing to watch
 */
public record AdminServer(
        Vertx vertx,
        Health health,
        Supplier<String> metrics,
        Supplier<JsonObject> status,
        OperatorsGuard guard,
        Optional<BudgetApi> budgets,
        Optional<ExplainApi> explanations,
        Optional<CredentialApi> credentials,
        Optional<WebhookApi> webhooks,
        Optional<ReloadApi> reload,
        Optional<LiveFeed> live) {

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Operators, their scripts and who scrapes. */
    public static final int MOST_CONNECTIONS = 500;

    private static final DoorLimits LIMITS = new DoorLimits(
            DoorLimits.LINE,
            16 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Optional.of(Duration.ofSeconds(60)),
            DoorLimits.STALL);

    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final Buffer DESCRIPTION = ConsoleFiles.inJar("openapi.json");

    public Future<HttpServer> listen(Listening listening) {
        var router = router();
        return guard.open()
                .compose(open -> new HttpDoor(vertx, listening, LIMITS, false, Ticker.systemTicker())
                        .listenApart(request -> take(request, router), AdminServer::malformed));
    }

    /** All that answers here. */
    Router router() {
        var router = Router.router(vertx);
        shown(router, "/metrics")
                .handler(context -> vertx.executeBlocking(
                                () -> Buffer.buffer(metrics.get()), false) // with its tenants it grows
                        .onFailure(context::fail)
                        .onSuccess(text -> context.response()
                                .putHeader("Content-Type", PROMETHEUS_TEXT)
                                .end(text)));
        shown(router, "/health/live").handler(context -> context.json(new JsonObject().put("status", "ok")));
        shown(router, "/health/ready")
                .handler(context -> context.response()
                        .setStatusCode(health.isReady() ? 200 : 503)
                        .putHeader("Content-Type", "application/json")
                        .end(health.report().toBuffer()));
        ConsoleFiles.mount(router);
        router.route().handler(guard::check);
        router.get("/admin/v1/openapi.json")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(DESCRIPTION));
        router.get("/admin/v1/status").handler(context -> context.json(status.get()));
        budgets.ifPresent(api -> api.mount(router));
        explanations.ifPresent(api -> api.mount(router));
        credentials.ifPresentOrElse(api -> api.mount(router), () -> CredentialApi.refuse(router));
        webhooks.ifPresentOrElse(api -> api.mount(router), () -> WebhookApi.refuse(router));
        reload.ifPresentOrElse(api -> api.mount(router), () -> ReloadApi.refuse(router));
        live.ifPresent(feed -> feed.mount(router));
        router.route().handler(AdminServer::nothing);
        return router;
    }

    private static Route shown(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private static void take(HttpServerRequest request, Router router) {
        var flaw = RequestForm.flaw(request);
        if (flaw.isPresent()) {
            malformed(request, flaw.get());
        } else if (RequestForm.isServerOptions(request)) {
            HttpDoor.answerOptions(request, METHODS);
        } else {
            if (HttpDoor.hasBody(request)) {
                BrokenBody.listen(request, cause -> broken(request, cause));
            }
            router.handle(request);
        }
    }

    /** Whoever reads it hears of it when the connection ends. */
    private static void broken(HttpServerRequest request, Throwable cause) {
        if (request.response().headWritten()) {
            request.connection().close();
        } else {
            malformed(request, Flaw.of(cause, LIMITS));
        }
    }

    private static void malformed(HttpServerRequest request, Flaw flaw) {
        HttpDoor.closeAfter(request);
        if (flaw.status() == 405) {
            request.response().putHeader("Allow", METHODS);
        }
        request.response()
                .setStatusCode(flaw.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(Problem.of(flaw.status(), flaw.detail()).body().toBuffer())
                .onFailure(gone -> {});
    }

    private static void nothing(RoutingContext context) {
        var detail = "nothing answers " + context.request().method()
                + " at this path of the admin door; GET /admin/v1/openapi.json tells what does";
        JsonRoutes.send(context, Problem.of(404, detail));
    }
}
