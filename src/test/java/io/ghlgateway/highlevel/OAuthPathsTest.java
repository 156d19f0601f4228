package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling of HighLevel's token paths is taken for another, and no other for one of them. */
class OAuthPathsTest {

    @Property
    void everySpellingIsRecognised(@ForAll("spellings") String path) {
        assertThat(OAuthPaths.contain(path)).isTrue();
    }

    @Provide
    Arbitrary<String> spellings() {
        var before = Arbitraries.of("/", "//", "///", "/;a=1/", "/%2f", "/%2F%2f", "/x/%252e%252e/", "/%5c", "/./");
        var between = Arbitraries.of("/", "//", ";x=y/", "%2f", "%252F", "%5C", "/./", "%3fa/", "%23/", "%00/", "%20/");
        var word = Arbitraries.integers().between(0, 2).list().ofSize(5).map(OAuthPathsTest::spelled);
        var rest = Arbitraries.of("token", "locationToken", "reconnect", "installedLocations", "", "TOKEN/", "a/b");
        return Combinators.combine(
                        before, word, between, rest, Arbitraries.integers().between(0, 3))
                .as((a, b, c, d, again) -> encodedAgain(a + b + c + d, again));
    }

    /** Each letter as it is, in the other case, or as an escape. */
    private static String spelled(List<Integer> how) {
        var word = new StringBuilder();
        for (int i = 0; i < how.size(); i++) {
            char letter = "oauth".charAt(i);
            switch (how.get(i)) {
                case 0 -> word.append(letter);
                case 1 -> word.append(Character.toUpperCase(letter));
                default -> word.append('%').append(Integer.toHexString(letter).toUpperCase(Locale.ROOT));
            }
        }
        return word.toString();
    }

    private static String encodedAgain(String path, int times) {
        var encoded = path;
        for (int i = 0; i < times; i++) {
            encoded = encoded.replace("%", "%25");
        }
        return encoded;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/oauth", "/oauth/", "/oauth.json", "/OAUTH/token", "oauth/token", "/%6f%61%75%74%68/token"})
    void theseAreSome(String path) {
        assertThat(OAuthPaths.contain(path)).isTrue();
    }

    @Test
    void whatIsEncodedWithoutEndIsTakenForOne() {
        assertThat(OAuthPaths.contain("/contacts/%" + "25".repeat(20) + "41")).isTrue();
        assertThat(OAuthPaths.contain("/contacts/100%2525")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/contacts/",
                "/contacts/oauth/token",
                "/social-media-posting/oauth/google/start",
                "/oauthors/token",
                "/oauth2/token",
                "/o-auth/token",
                "/contacts/%6fauth",
                "/opportunities/search",
                "/objects/custom_objects.oauth",
                "/medias/a%2Foauth%2Ftoken"
            })
    void theseAreNone(String path) {
        assertThat(OAuthPaths.contain(path)).isFalse();
    }

    @Test
    void everyPublishedPathIsToldByItsFirstSegment() throws IOException {
        for (var line : Files.readAllLines(EndpointTable.PUBLISHED)) {
            if (!line.startsWith("#")) {
                var path = line.split("\t")[2];
                assertThat(OAuthPaths.contain(path)).as(path).isEqualTo(path.startsWith("/oauth/"));
            }
        }
    }

    @Test
    void theListingIsOneOnlyAsItIsWritten() {
        assertThat(OAuthPaths.isListing(HttpMethod.GET, "/oauth/installedLocations"))
                .isTrue();
        assertThat(OAuthPaths.isListing(HttpMethod.GET, "/oauth/installed-locations"))
                .isTrue();
        for (var path : new String[] {
            "/oauth/installedlocations",
            "/oauth/installedLocations/",
            "//oauth/installedLocations",
            "/oauth/%69nstalledLocations"
        }) {
            assertThat(OAuthPaths.isListing(HttpMethod.GET, path)).isFalse();
        }
        assertThat(OAuthPaths.isListing(HttpMethod.HEAD, "/oauth/installedLocations"))
                .isFalse();
        assertThat(OAuthPaths.isListing(HttpMethod.POST, "/oauth/installedLocations"))
                .isFalse();
    }
}
