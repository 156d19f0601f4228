package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a caller spells the paths where HighLevel gives out tokens, none of it reaches HighLevel. */
class TokenPathTest {

    private static final String KEY_LINE = "Authorization: Bearer " + Plan.KEY + "\n";

    private static final String AGENCY_KEY = "agency-key-77b1";

    private static RecordingUpstream upstream;
    private static TestBed bed;

    @BeforeAll
    static void open() {
        upstream = new RecordingUpstream();
        bed = TestBed.start(
                new Plan()
                        .tenant("{id: agency, company: agency-1, token: company-token-5a}")
                        .caller("{name: office, key: " + AGENCY_KEY + ", tenants: [agency]}"),
                upstream.uri());
    }

    @AfterAll
    static void close() {
        bed.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/oauth/token",
                "/oauth/token?x=1",
                "/oauth/token/",
                "/OAuth/Token",
                "/oauth",
                "/oauth/",
                "/oauth/locationToken",
                "/oauth/location-token",
                "/oauth/reconnect",
                "/oauth/billing/webhook",
                "/oauth/anything/new",
                "/%6fauth/token",
                "/o%41uth/token",
                "/%256fauth/token",
                "/%25256fauth/token",
                "//oauth/token",
                "/;a=1/oauth/token",
                "/oauth;a=1/token",
                "/oauth%2ftoken",
                "/oauth%252ftoken",
                "/%2foauth/token",
                "/oauth%3Fa/token",
                "/oauth%20/token",
                "/x/%252e%252e/oauth/token",
                "/contacts/../oauth/token",
                "/contacts/%2e%2e/oauth/token",
                "/oauth\\token",
                "/oauth%5ctoken",
                "/oauth%00/token",
                "/oauth/../oauth/token",
                "/OAUTH/installedLocations",
                "/oauth/installedLocations/../token",
                "/oauth/installedLocations%2f..%2ftoken",
                "/oauth/installedLocations/",
                "/oauth/%69nstalledLocations"
            })
    void noSpellingReachesTheUpstream(String target) {
        for (var method : List.of("POST", "GET", "PUT", "HEAD")) {
            try (var wire = bed.wire()) {
                var answer = wire.send(method + " " + target + " HTTP/1.1\nHost: gateway\nConnection: close\n"
                                + KEY_LINE + "Content-Length: 0\n\n")
                        .rest();

                assertThat(answer)
                        .matches("(?s)HTTP/1\\.1 (400|403) .*")
                        .containsPattern("(?i)\\r\\nx-gateway-error: (bad_request|forbidden)\\r\\n");
            }
        }
        assertThat(upstream.unread()).isZero();
    }

    @Test
    void whoIsNobodyIsNotToldMore() {
        var answer = bed.send(bed.stranger("/oauth/token"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void theListingPassesWithTheTokenOfAnApp() {
        for (var path : List.of("/oauth/installedLocations?appId=a", "/oauth/installed-locations?appId=a")) {
            assertThat(bed.send(bed.stranger(path).header("X-Gateway-Key", AGENCY_KEY))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(upstream.next().requestLine()).isEqualTo("GET " + path + " HTTP/1.1");
        }
        assertThat(upstream.unread()).isZero();
    }

    @Test
    void anOauthThatIsAnotherModulesPasses() {
        assertThat(bed.get("/social-media-posting/oauth/google/start?locationId=" + Plan.ACME)
                        .statusCode())
                .isEqualTo(200);
        upstream.next();
    }
}
