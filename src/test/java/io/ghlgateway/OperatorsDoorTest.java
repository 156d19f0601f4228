package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.ghlgateway.telemetry.Logfmt;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What operators see, and what nobody may see. */
class OperatorsDoorTest {

    private static final Set<String> SECRETS =
            Set.of(Plan.ACME_TOKEN, Plan.GLOBEX_TOKEN, Plan.KEY, Plan.ADMIN_KEY, "guessed-key-5");

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan());
    }

    @Test
    void theMetricsThatAreReliedOnAreThere() {
        bed.get("/contacts/c1");
        TestBed.until(() -> bed.metric("ghl_gateway_requests_total") > 0);

        var names = bed.metrics()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toSet());

        assertThat(names)
                .contains(
                        "ghl_gateway_requests_total",
                        "ghl_gateway_wait_seconds",
                        "ghl_gateway_upstream_seconds",
                        "ghl_gateway_paid_to_write_seconds",
                        "ghl_gateway_attempts_total",
                        "ghl_gateway_upstream_429_total",
                        "ghl_gateway_budget_remaining",
                        "ghl_gateway_budget_spent_total",
                        "ghl_gateway_budget_refused_total",
                        "ghl_gateway_budget_foreign_total",
                        "ghl_gateway_queue_depth",
                        "ghl_gateway_redis_seconds",
                        "ghl_gateway_degraded")
                .anyMatch(name -> name.startsWith("jvm_memory"));
    }

    @Test
    void whatACallerMakesUpIsNoLabel() {
        for (int i = 0; i < 20; i++) {
            bed.get("/contacts/made-up-" + i + "?q=made-up");
            bed.get("/made-up-" + i + "/x");
            bed.send(bed.stranger("/made-up-" + i).header("X-Gateway-Key", "made-up-" + i));
            bed.send(bed.request("/made-up").header("X-Tenant", "made-up-" + i));
            bed.send(bed.request("/made-up").method("MADE" + i, BodyPublishers.noBody()));
        }

        var requests = bed.metrics()
                .lines()
                .filter(line -> line.startsWith("ghl_gateway_requests_total{"))
                .toList();

        assertThat(String.join("\n", requests)).doesNotContain("made-up", "MADE");
        assertThat(requests).hasSizeLessThan(20).anyMatch(line -> line.contains("route=\"/contacts/{contactId}\""));
    }

    @Test
    void requestsAreCountedByOutcomeRouteAndCaller() {
        var series = "ghl_gateway_requests_total{caller=\"billing\",outcome=\"ok\",route=\"/calendars/\"}";
        double before = bed.metric(series);

        bed.get("/calendars/");

        TestBed.until(() -> bed.metric(series) == before + 1); // counted when the answer has gone out
    }

    @Test
    void theHealthOfTheProcessNeedsNoKey() {
        var live = bed.send(bed.operators("/health/live"));
        var ready = bed.send(bed.operators("/health/ready"));

        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("ok");
    }

    @Test
    void allElseNeedsTheAdminKey() {
        var path = "/admin/v1/status";

        assertThat(bed.send(bed.operators(path)).statusCode()).isEqualTo(401);
        assertThat(bed.send(bed.operators(path).header("Authorization", "Bearer " + Plan.KEY))
                        .statusCode())
                .isEqualTo(401);
        assertThat(bed.send(asOperator("/nowhere")).statusCode()).isEqualTo(404);
        assertThat(bed.send(bed.operators("/nowhere")).statusCode()).isEqualTo(401);
        assertThat(bed.send(asOperator(path)).statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAnAdminKeyThisMachineMayLookButNotTouch() {
        try (var open = TestBed.start(new Plan().unset("admin.key"))) {
            assertThat(open.send(open.operators("/admin/v1/status")).statusCode())
                    .isEqualTo(200);
            assertThat(open.send(open.operators("/admin/v1/status").POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void theProxyDoorKnowsNothingOfTheOperatorsDoor() {
        assertThat(bed.send(bed.stranger("/metrics")).statusCode()).isEqualTo(401);
        assertThat(bed.send(bed.stranger("/health/ready")).statusCode()).isEqualTo(401);
        assertThat(bed.send(bed.operators("/contacts/")).statusCode()).isEqualTo(401);
    }

    @Test
    void noSecretIsEverSaid() {
        var said = new ArrayList<String>();
        var log = listen();
        try (var here = TestBed.start(new Plan().set("upstream.response-timeout", "300ms"))) {
            here.fault("\"kind\": \"stall\", \"match\": {\"path\": \"/contacts/stalled1\"}");
            here.fault("\"kind\": \"drop\", \"match\": {\"path\": \"/contacts/dropped1\"}");
            for (var request : List.of(
                    here.request("/contacts/c1?token=" + Plan.ACME_TOKEN),
                    here.request("/contacts/stalled1").POST(BodyPublishers.ofString(Plan.ACME_TOKEN)),
                    here.request("/contacts/dropped1").POST(BodyPublishers.ofString("{}")),
                    here.request("/contacts/../" + Plan.KEY),
                    here.stranger("/contacts/").header("X-Gateway-Key", "guessed-key-5"),
                    here.request("/contacts/").header("X-Tenant", "nobody"))) {
                var answer = here.send(request);
                said.add(answer.headers().map() + "\n" + answer.body());
            }
            for (var path : List.of("/metrics", "/health/ready", "/admin/v1/status", "/nowhere")) {
                said.add(here.send(here.operators(path)).body());
                said.add(here.send(here.operators(path).header("Authorization", "Bearer " + Plan.ADMIN_KEY))
                        .body());
            }
        } finally {
            silence(log);
        }
        log.list.forEach(event -> said.add(event.getFormattedMessage() + event.getKeyValuePairs() + traced(event)));

        assertThat(log.list).anyMatch(event -> event.getLoggerName().equals("access"));
        assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain(SECRETS));
    }

    @Test
    void theAccessLogHasOneLineForEachAnswerWithoutPathOrQuery() {
        var log = listen();
        try {
            bed.send(bed.request("/contacts/private-17?email=ada%40example.com").header("X-Request-Id", "order-17"));
            TestBed.until(() -> !lines(log, "order-17").isEmpty());
        } finally {
            silence(log);
        }

        assertThat(lines(log, "order-17"))
                .singleElement()
                .asString()
                .matches(
                        "request_id=order-17 method=GET route=/contacts/\\{contactId} status=200 outcome=ok caller=billing"
                                + " tenant=acme attempts=1 cause=- wait_ms=[0-9.]+ upstream_ms=[0-9.]+ total_ms=[0-9.]+");
    }

    private static List<String> lines(ListAppender<ILoggingEvent> log, String requestId) {
        return log.list.stream()
                .map(new Logfmt()::convert)
                .filter(line -> line.contains(requestId))
                .toList();
    }

    private static HttpRequest.Builder asOperator(String path) {
        return bed.operators(path).header("Authorization", "Bearer " + Plan.ADMIN_KEY);
    }

    /** All that is logged from now on, as in production: the gateway's own at INFO. */
    private static ListAppender<ILoggingEvent> listen() {
        var appender = new ListAppender<ILoggingEvent>();
        appender.list = new CopyOnWriteArrayList<>();
        appender.start();
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        logger("access").addAppender(appender);
        logger("access").setAdditive(false);
        logger("access").setLevel(Level.INFO);
        logger("io.ghlgateway").setLevel(Level.INFO);
        return appender;
    }

    private static void silence(ListAppender<ILoggingEvent> appender) {
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
        logger("access").detachAppender(appender);
        logger("access").setAdditive(true);
        logger("access").setLevel(Level.OFF);
        logger("io.ghlgateway").setLevel(null);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static String traced(ILoggingEvent event) {
        return event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
}
