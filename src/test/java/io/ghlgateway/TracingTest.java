package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.simulator.WindowKind;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a collector gets to see of requests, and that nobody minds when there is none. */
class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLERS_SPAN = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + CALLERS_SPAN + "-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-" + CALLERS_SPAN + "-00";

    @Test
    void aRequestIsOneTraceFromItsCallerToHighLevelAndTellsNoSecret() {
        try (var collector = new Collector();
                var upstream = new RecordingUpstream()) {
            try (var bed = TestBed.start(traced(collector), upstream.uri())) {
                var answer = bed.send(bed.request("/contacts/private-17?query=ada-lovelace")
                        .header("traceparent", SAMPLED)
                        .header("tracestate", "vendor=callers-state")
                        .header("baggage", "user=callers-baggage")
                        .header("X-Request-Id", "order-17"));
                assertThat(answer.statusCode()).isEqualTo(200);
            }

            assertThat(collector.tree(CALLERS_SPAN)).isEqualTo("""
                    GET /contacts/{contactId} server ghl_gateway.app=private ghl_gateway.attempts=1 ghl_gateway.caller=billing \
                    ghl_gateway.cause=- ghl_gateway.outcome=ok ghl_gateway.request_id=order-17 \
                    ghl_gateway.resource=location:ve9EPM428h8vShlRW1KT http.request.method=GET \
                    http.response.status_code=200 http.route=/contacts/{contactId}
                      wait internal ghl_gateway.attempt=1
                        token internal
                        connect internal
                        spend internal
                      GET /contacts/{contactId} client ghl_gateway.attempt=1 http.request.method=GET \
                    http.response.status_code=200 url.template=/contacts/{contactId}
                    """);
            assertThat(collector.spans())
                    .hasSize(6)
                    .allMatch(span ->
                            Collector.hex(span.getTraceId().toByteArray()).equals(TRACE))
                    .allMatch(span -> span.getStartTimeUnixNano() <= span.getEndTimeUnixNano());
            assertThat(collector.resources()).allMatch(said -> said.contains("service.name=edge-of-acme"));
            assertThat(collector.heads()).allMatch(head -> head.contains("otlp-token"));
            assertThat(collector.everything())
                    .doesNotContain("private-17", "ada-lovelace", "callers-baggage", Plan.KEY, Plan.ACME_TOKEN)
                    .doesNotContain("otlp-token");
            var sent = upstream.next();
            assertThat(List.of("traceparent", "tracestate", "baggage"))
                    .allSatisfy(field -> assertThat(sent.values(field)).isEmpty());
        }
    }

    @Test
    void aWaitAndEachAttemptIsASpanWithItsCause() {
        try (var collector = new Collector()) {
            var plan = traced(collector).quota(5_000, Duration.ofSeconds(1), Duration.ofMillis(300));
            try (var bed = TestBed.start(plan.set("admin.hash-ids", "true"))) {
                bed.fault("\"kind\": \"throttle\"");

                bed.send(bed.request("/contacts/c1").header("X-Request-Id", "order-18"));
            }

            // A turn that comes before the gateway knows that the quota rests is in vain, and fetches them once more.
            assertThat(collector.tree("").replaceAll("(?m)^ +(token|connect) internal\n", ""))
                    .isEqualTo("""
                    GET /contacts/{contactId} server ghl_gateway.app=private ghl_gateway.attempts=2 ghl_gateway.caller=billing \
                    ghl_gateway.cause=hold ghl_gateway.outcome=ok ghl_gateway.request_id=order-18 \
                    ghl_gateway.resource=location:14194382d09a http.request.method=GET http.response.status_code=200 \
                    http.route=/contacts/{contactId}
                      wait internal ghl_gateway.attempt=1
                        spend internal
                      GET /contacts/{contactId} client error.type=429 ghl_gateway.attempt=1 http.request.method=GET \
                    http.response.status_code=429 url.template=/contacts/{contactId}
                      wait internal ghl_gateway.attempt=2 ghl_gateway.cause=hold
                        spend internal
                      GET /contacts/{contactId} client ghl_gateway.attempt=2 http.request.method=GET \
                    http.request.resend_count=1 http.response.status_code=200 url.template=/contacts/{contactId}
                    """);
            assertThat(collector.everything()).doesNotContain(Plan.ACME);
        }
    }

    @Test
    void requestsThatWaitTogetherKeepToTheirOwnTraces() {
        try (var collector = new Collector()) {
            var plan = traced(collector)
                    .quota(5, Duration.ofSeconds(1), Duration.ofMillis(300))
                    .truly(WindowKind.SLIDING, 5_000, Duration.ofSeconds(1), 200_000)
                    .set("limits.learn", "false");
            try (var bed = TestBed.start(plan)) {
                var answers = IntStream.range(0, 12)
                        .mapToObj(i -> bed.sendAsync(bed.request("/contacts/c" + i)
                                .header("traceparent", "00-%032x-%016x-01".formatted(i + 1, i + 1))))
                        .toList();

                assertThat(answers).allMatch(answer -> TestBed.await(answer).statusCode() == 200);
            }

            for (int i = 1; i <= 12; i++) {
                var trace = "%032x".formatted(i);
                var spans = collector.spans().stream()
                        .filter(span ->
                                Collector.hex(span.getTraceId().toByteArray()).equals(trace))
                        .toList();
                assertThat(spans)
                        .extracting(Span::getName)
                        .contains("wait", "token", "connect", "spend", "GET /contacts/{contactId}");
                assertThat(collector.tree("%016x".formatted(i)).lines()).hasSameSizeAs(spans); // all below the caller's
            }
        }
    }

    @Test
    void withRedisItIsRedisThatIsAskedForThePayment() throws Exception {
        try (var redis = TestRedis.started();
                var collector = new Collector()) {
            try (var bed = TestBed.start(traced(collector).set("redis.uri", redis.uri()))) {
                assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
            }

            var wait = collector.span("wait", Span.SpanKind.SPAN_KIND_INTERNAL);
            assertThat(collector.tree(Collector.hex(wait.getSpanId().toByteArray())))
                    .contains("spend client db.system.name=redis\n");
        }
    }

    @Test
    void highLevelIsToldOfTheAttemptWhereThatIsConfigured() {
        try (var collector = new Collector();
                var upstream = new RecordingUpstream()) {
            try (var bed = TestBed.start(traced(collector).set("tracing.propagate", "true"), upstream.uri())) {
                bed.send(bed.request("/contacts/c1").header("traceparent", SAMPLED));
                bed.send(bed.request("/contacts/c1").header("traceparent", NOT_SAMPLED));
            }

            var attempt = collector.span("GET /contacts/{contactId}", Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(upstream.next().values("traceparent"))
                    .containsExactly("00-" + TRACE + "-"
                            + Collector.hex(attempt.getSpanId().toByteArray()) + "-01");
            assertThat(upstream.next().values("traceparent"))
                    .singleElement()
                    .asString()
                    .startsWith("00-" + TRACE + "-")
                    .endsWith("-00");
            assertThat(collector.spans()).hasSize(6);
        }
    }

    @Test
    void aRequestThatIsNotSampledHasATraceIdAndNoSpans() {
        try (var collector = new Collector()) {
            try (var bed = TestBed.start(traced(collector).set("tracing.sampling-ratio", "0"))) {
                var problem =
                        new JsonObject(bed.send(bed.stranger("/contacts/c1").header("X-Request-Id", "order-17"))
                                .body());
                assertThat(problem.getString("traceId")).matches("[0-9a-f]{32}");
                assertThat(problem.getString("requestId")).isEqualTo("order-17");

                bed.send(bed.stranger("/contacts/c2").header("traceparent", SAMPLED));
            }

            assertThat(collector.spans())
                    .singleElement()
                    .satisfies(
                            span -> assertThat(Collector.hex(span.getTraceId().toByteArray()))
                                    .isEqualTo(TRACE));
            assertThat(collector.tree(CALLERS_SPAN))
                    .contains("ghl_gateway.outcome=unauthorized", "http.response.status_code=401");
        }
    }

    @Test
    void aCollectorThatIsDownHoldsUpNeitherRequestsNorTheEnd() throws Exception {
        int nobody;
        try (var closed = new java.net.ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        var plan = new Plan()
                .set("tracing.endpoint", "\"http://127.0.0.1:" + nobody + "/v1/traces?token=endpoint-token\"");
        try (var log = new LogCapture();
                var bed = TestBed.start(plan)) {
            for (int i = 0; i < 20; i++) {
                assertThat(bed.get("/contacts/c" + i).statusCode()).isEqualTo(200);
            }

            TestBed.await(bed.drain());

            assertThat(log.text()).doesNotContain("endpoint-token");
        }
    }

    private static Plan traced(Collector collector) {
        return new Plan()
                .set("tracing.endpoint", collector.url())
                .set("tracing.service-name", "edge-of-acme")
                .set("tracing.headers", "[{name: Authorization, value: Bearer otlp-token}]");
    }
}
