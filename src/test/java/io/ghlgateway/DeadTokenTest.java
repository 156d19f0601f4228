package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadTokenTest {

    private static final String BODY =
            "{ \"statusCode\":401,\"message\":\"Invalid Private Integration token\",\"error\":\"Unauthorized\"}\n";

    @Test
    void aPrivateTokenThatHighLevelRefusesIsSentOnceAndThenAnsweredHere() {
        try (var upstream = saying(BODY);
                var bed = TestBed.start(new Plan(), upstream.uri())) {
            var first = bed.send(bed.request("/contacts/a"));
            var second = bed.send(bed.request("/contacts/b"));
            var another = bed.send(bed.request("/contacts/c").header("X-Tenant", "globex"));

            assertThat(first.statusCode()).isEqualTo(401);
            assertThat(first.body()).isEqualTo(BODY);
            assertThat(first.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(second.statusCode()).isEqualTo(401);
            assertThat(second.headers().firstValue("X-Gateway-Error")).contains("credential_dead");
            assertThat(second.body()).contains("'acme'").doesNotContain(Plan.ACME_TOKEN);
            assertThat(another.body()).as("another token is not dead").isEqualTo(BODY);
            assertThat(upstream.heads()).hasSize(2);
        }
    }

    @Test
    void aMissingScopePassesOnAndIsSentAgain() {
        var body = "{\"statusCode\":401,\"message\":\"The token is not authorized for this scope.\"}";
        try (var upstream = saying(body);
                var bed = TestBed.start(new Plan(), upstream.uri())) {
            for (int i = 0; i < 3; i++) {
                assertThat(bed.send(bed.request("/contacts/a")).body()).isEqualTo(body);
            }

            assertThat(upstream.heads()).hasSize(3);
        }
    }

    private static RawUpstream saying(String body) {
        return RawUpstream.saying(
                "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\nConnection: close\nContent-Length: "
                        + body.length(),
                body);
    }
}
