package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteScopesTest {

    private static final RouteCatalogue CATALOGUE = RouteCatalogue.load();

    @ParameterizedTest(name = "{0} {1} with {2} lacks {3}")
    @CsvSource({
        "GET,    /contacts/c1,      contacts.readonly,                 ''",
        "GET,    /contacts/c1,      contacts.write,                    contacts.readonly",
        "GET,    /contacts/c1,      '',                                contacts.readonly",
        "POST,   /contacts/,        contacts.readonly,                 contacts.write",
        "GET,    /oauth/installedLocations, contacts.readonly,         oauth.readonly",
        // described by both generations, and only one of them says which scope
        "GET,    /links/id/l1,      '',                                ''",
        "POST,   /email/verify,     contacts.readonly,                 ''",
        // what no description says
        "POST,   /oauth/token,      '',                                ''",
        "GET,    /no/such/thing,    '',                                ''"
    })
    void tellsWhatIsLacking(String method, String path, String held, String missing) {
        var route = CATALOGUE.match(HttpMethod.valueOf(method), path);

        assertThat(route.missing(scopes(held))).isEqualTo(scopes(missing));
    }

    @Test
    void theGenerationsDifferInSevenOperationsAndThereOneNamesNone() {
        var differing = CATALOGUE.routes().stream()
                .filter(route -> route.scopeChoices().size() > 1)
                .toList();

        assertThat(differing)
                .hasSize(7)
                .allMatch(route -> route.scopeChoices().contains(Set.of()))
                .noneMatch(route -> route.scopes().isEmpty());
    }

    @Test
    void takesTheChoiceThatLacksLeast() {
        var route = RouteTable.read(List.of(
                        RouteTable.HEADING, "GET\t/a\tlocation\tany\tv3\ta.readonly,b.readonly|c.write\t-\tjson\tno"))
                .get(0);

        assertThat(route.missing(Set.of())).containsExactly("c.write");
        assertThat(route.missing(Set.of("a.readonly"))).containsExactly("b.readonly");
        assertThat(route.missing(Set.of("c.write"))).isEmpty();
        assertThat(route.missing(Set.of("a.readonly", "b.readonly"))).isEmpty();
        assertThat(route.scopes()).containsExactly("a.readonly", "b.readonly", "c.write");
    }

    private static Set<String> scopes(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split(" ")));
    }
}
