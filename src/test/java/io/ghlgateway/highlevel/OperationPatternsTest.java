package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationPatternsTest {

    private static final RouteCatalogue ROUTES = RouteCatalogue.load();

    @ParameterizedTest
    @ValueSource(strings = {"/contacts/", "/contacts", "/CONTACTS/abc", "/contacts/abc/notes", "/contacts/a%2Fb"})
    void aPatternAllowsWhatIsBelowIt(String path) {
        assertThat(allow(path, "/contacts/**")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/contact",
                "/contactsX/abc",
                "/locations/contacts",
                "//contacts/abc",
                "/%63ontacts/abc",
                "/contacts;a=b/abc",
                "/locations/..;/contacts/abc",
                "/contacts/%252e%252e/locations/l",
                "/contacts/%25252e%25252e/locations/l",
                "/contacts/a%252f..%252f..%252flocations",
                "/%2563ontacts/abc",
                "/contacts/%25252525252525252525252e",
                "/mcp/"
            })
    void whatAnyServerCouldReadAsAnotherPathIsNotAllowed(String path) {
        assertThat(allow(path, "/contacts/**")).isFalse();
    }

    @Test
    void aTemplateAllowsItsOperationAndNotItsNeighbours() {
        assertThat(allow("/contacts/abc", "/contacts/{contactId}")).isTrue();
        assertThat(allow("/contacts/ve9EPM428h8vShlRW1KT", "/contacts/{contactId}"))
                .isTrue();
        assertThat(allow("/contacts/lookup", "/contacts/{contactId}"))
                .isTrue(); // no operation of that name is published
        for (var neighbour : List.of("/contacts/search", "/contacts/SEARCH", "/contacts/a/notes")) {
            assertThat(allow(neighbour, "/contacts/{contactId}")).as(neighbour).isFalse();
        }
        assertThat(allow("/contacts/search", "/contacts/*")).isTrue();
    }

    @Test
    void aTemplateAllowsNoSegmentThatLeadsElsewhereOnceItIsResolved() {
        assertThat(allow("/contacts/%252e%252e", "/contacts/{contactId}")).isFalse();
        assertThat(allow("/contacts/%2573earch", "/contacts/{contactId}")).isFalse();
        assertThat(allow("/contacts/a%2520b", "/contacts/{contactId}")).isTrue();
    }

    @Test
    void whatIsAllowedByItselfIsNoNeighbourToBeKeptOut() {
        assertThat(allow("/contacts/search", "/contacts/{contactId}", "/contacts/search"))
                .isTrue();
    }

    @Test
    void tellsWhatIsPublished() {
        assertThat(OperationPatterns.isPublished("/contacts/{contactId}")).isTrue();
        assertThat(OperationPatterns.isPublished("/contacts/{id}")).isFalse();
        assertThat(new OperationPatterns(List.of("/contacts/**")).meetsAPublishedOne())
                .isTrue();
        assertThat(new OperationPatterns(List.of("/contatcs/**")).meetsAPublishedOne())
                .isFalse();
        assertThat(new OperationPatterns(List.of("/contacts/*/notes")).meetsAPublishedOne())
                .isTrue();
        assertThat(new OperationPatterns(List.of("/contacts/*/notes/*/nothing")).meetsAPublishedOne())
                .isFalse();
        assertThat(OperationPatterns.isOne("contacts/**")).isFalse();
        assertThat(OperationPatterns.isOne("/contacts/{a}b")).isFalse();
    }

    private static boolean allow(String path, String... written) {
        var patterns = new OperationPatterns(List.of(written));
        var route =
                ROUTES.match(path.toLowerCase(Locale.ROOT).endsWith("search") ? HttpMethod.POST : HttpMethod.GET, path);
        return patterns.include(route.template(), path);
    }
}
