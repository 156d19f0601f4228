package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a caller is told who asks for tokens. */
class TokenPathsTest {

    @Test
    void namesTheInstallLinkWhereThereIsAPublicDoor() {
        assertThat(refusal(Optional.of(URI.create("https://gateway.example/")))).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(Code.FORBIDDEN);
            assertThat(refusal.detail())
                    .contains("GET /oauth/installedLocations", " https://gateway.example/oauth/install/APP,");
        });
    }

    @Test
    void namesTheConfigurationWhereThereIsNone() {
        assertThat(refusal(Optional.empty()))
                .hasValueSatisfying(refusal -> assertThat(refusal.detail())
                        .contains("tenants", "public door")
                        .doesNotContain("/oauth/install/"));
    }

    @Test
    void leavesTheListingAndAllElseAlone() {
        var paths = new TokenPaths(Optional.empty());

        assertThat(paths.refusal(HttpMethod.GET, "/oauth/installedLocations")).isEmpty();
        assertThat(paths.refusal(HttpMethod.GET, "/oauth/installed-locations")).isEmpty();
        assertThat(paths.refusal(HttpMethod.POST, "/contacts/")).isEmpty();
        assertThat(paths.refusal(HttpMethod.POST, "/oauth/installedLocations")).isPresent();
        assertThat(paths.refusal(HttpMethod.GET, "/OAuth/installedLocations")).isPresent();
    }

    private static Optional<Refusal> refusal(Optional<URI> publicUrl) {
        return new TokenPaths(publicUrl).refusal(HttpMethod.POST, "/oauth/token");
    }
}
