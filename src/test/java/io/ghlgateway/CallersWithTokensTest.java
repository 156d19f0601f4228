package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.edge.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers who come with a JWT in the place of a key, and an issuer on this machine. */
class CallersWithTokensTest {

    private final TestIssuer issuer = new TestIssuer().add("one", "EdDSA");
    private final AtomicInteger asked = new AtomicInteger();
    private Vertx vertx;
    private TestBed bed;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        HttpServer server = TestBed.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    request.response().end(issuer.jwks());
                })
                .listen(0, "127.0.0.1"));
        bed = TestBed.start(new Plan()
                .caller("{name: worker, tenants: [acme]}")
                .issuer("{issuer: \"https://id.example/\", audience: gateway, jwks-url: \"http://127.0.0.1:"
                        + server.actualPort() + "/jwks\"}"));
    }

    @AfterEach
    void close() {
        bed.close();
        TestBed.await(vertx.close());
    }

    @Test
    void aTokenOfItsIssuerOpensWhatItsCallerMayReachAndNoMore() {
        assertThat(send(token("one", "worker")).statusCode()).isEqualTo(200);
        assertThat(send(token("one", "worker")).statusCode()).isEqualTo(200);
        assertThat(asked).hasValue(1);
        assertThat(bed.send(bed.stranger("/contacts/")
                                .header("X-Gateway-Key", token("one", "worker"))
                                .header("X-Tenant", "globex"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(bed.metric("ghl_gateway_requests_total{caller=\"worker\"")).isEqualTo(3);
    }

    @Test
    void whatOpensNothingIsToldWhy() {
        assertThat(detail(send(token("one", "nobody")))).isEqualTo("this token names a caller that is not configured");
        var strange = new TestIssuer().add("one", "EdDSA").token("one", claims("worker"));
        assertThat(detail(send(strange))).isEqualTo("this token opens nothing: its signature is not its issuer's");
        assertThat(detail(send(strange))).isEqualTo("this token opens nothing: its signature is not its issuer's");
        assertThat(detail(send("eyJ.x.y"))).isEqualTo("this token opens nothing: it is no signed JWT");
        assertThat(bed.stats().accepted()).isZero();
        assertThat(bed.get("/contacts/").statusCode()).isEqualTo(200); // a key as ever
    }

    private HttpResponse<String> send(String token) {
        return bed.send(bed.stranger("/contacts/").header("Authorization", "Bearer " + token));
    }

    private String token(String key, String caller) {
        return issuer.token(key, claims(caller));
    }

    private static JsonObject claims(String caller) {
        return new JsonObject()
                .put("iss", "https://id.example/")
                .put("aud", "gateway")
                .put("sub", caller)
                .put("exp", Instant.now().plusSeconds(3_600).getEpochSecond());
    }

    private static String detail(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("unauthorized");
        return new JsonObject(answer.body()).getString("detail");
    }
}
