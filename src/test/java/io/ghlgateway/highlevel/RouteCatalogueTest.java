package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCatalogueTest {

    private static final RouteCatalogue CATALOGUE = RouteCatalogue.load();

    @Test
    void everyPublishedOperationGetsItsOwnRoute() throws IOException {
        for (Published operation : published()) {
            var route = match(operation.method(), Templates.filled(operation.template()));

            assertThat(route.method().name()).isEqualTo(operation.method());
            assertThat(Templates.shape(route.template())).isEqualTo(Templates.shape(operation.template()));
        }
    }

    @Test
    void everyOverlapGoesToTheLiteralThatComesFirstAndLeavesTheOtherItsOwnPaths() throws IOException {
        var operations = published().stream().distinct().toList();
        int plain = 0;
        int crossing = 0;
        for (int i = 0; i < operations.size(); i++) {
            for (int j = i + 1; j < operations.size(); j++) {
                var one = operations.get(i);
                var other = operations.get(j);
                var both = Templates.common(one.template(), other.template());
                if (!one.method().equals(other.method()) || both.isEmpty() || isSameShape(one, other)) {
                    continue;
                }
                if (isCrossing(one, other)) {
                    crossing++;
                } else {
                    plain++;
                }
                boolean oneFirst = Templates.rank(one.template()).compareTo(Templates.rank(other.template())) < 0;
                assertThat(match(one.method(), both.get()).template())
                        .isEqualTo(oneFirst ? one.template() : other.template());
            }
        }

        assertThat(plain).as("a literal beside a parameter").isEqualTo(47);
        assertThat(crossing).as("neither is more specific").isEqualTo(25);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /conversations/search, /conversations/search",
        "GET, /conversations/c1, /conversations/{conversationId}",
        "GET, /conversations/messages/m1, /conversations/messages/{id}",
        "GET, /conversations/c1/messages, /conversations/{conversationId}/messages",
        "GET, /contacts/business/b1, /contacts/business/{businessId}",
        "GET, /contacts/c1/notes, /contacts/{contactId}/notes",
        "GET, /calendars/c1/free-slots, /calendars/{calendarId}/free-slots",
        "GET, /invoices/settings, /invoices/settings",
        "DELETE, /contacts/c1/campaigns/removeAll, /contacts/{contactId}/campaigns/removeAll",
        "DELETE, /contacts/c1/campaigns/k1, /contacts/{contactId}/campaigns/{campaignId}",
        "GET, /contacts/, /contacts/",
        "GET, /contacts, /contacts/",
        "POST, /contacts, /contacts/",
        "GET, /contacts/c1, /contacts/{contactId}",
        "GET, /contacts/c1/, /contacts/{contactId}",
        "HEAD, /contacts/c1, /contacts/{contactId}",
        "GET, /contacts/a%2Fb, /contacts/{contactId}",
        "GET, /contacts/%zz, /contacts/{contactId}"
    })
    void knownPathsGetTheirTemplate(String method, String path, String template) {
        assertThat(match(method, path).template()).isEqualTo(template);
    }

    @ParameterizedTest
    @CsvSource({"/Contacts/C1, /contacts/{contactId}", "/LOCATIONS/Search, /locations/search"})
    void lettersOfEitherCaseAreTheSameAsTheyAreToCommonServers(String path, String template) {
        assertThat(match("GET", path).template()).isEqualTo(template);
    }

    @ParameterizedTest
    @CsvSource({"/%63ontacts/c1, true", "/locations/%73earch, true", "/contacts/c%2531, false", "/contacts/c%20d, false"
    })
    void anEscapedLetterOfALiteralMakesAPathAmbiguous(String path, boolean ambiguous) {
        assertThat(CATALOGUE.isAmbiguous(HttpMethod.GET, path)).isEqualTo(ambiguous);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /notes/n1",
        "POST, /mcp/",
        "OPTIONS, /contacts/",
        "get, /contacts/",
        "GET, /%63ontacts/c1",
        "GET, //contacts/c1",
        "GET, /contacts//",
        "GET, /locations/"
    })
    void whatTheTableDoesNotListIsUnknownUnderOneLabel(String method, String path) {
        var route = match(method, path);

        assertThat(route.isKnown()).isFalse();
        assertThat(route.label()).isEqualTo("unmatched");
        assertThat(route.tokenKind()).isEqualTo(TokenKind.EITHER);
        assertThat(route.defaultVersion()).isEqualTo("2021-07-28");
        assertThat(route.method().name()).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "//", "///", "*", "contacts", "%", "/%", "/%2", "/%2F%2f", "/\u0000/\uD800", "/./.."})
    void oddPathsAreUnknown(String path) {
        assertThat(match("GET", path).isKnown()).isFalse();
    }

    @Test
    void aVeryLongPathIsUnknown() {
        assertThat(match("GET", "/contacts/" + "a/".repeat(100_000)).isKnown()).isFalse();
        assertThat(match("GET", "/" + "a".repeat(1_000_000)).isKnown()).isFalse();
    }

    @Property
    void noPathWhateverThrows(@ForAll String text) {
        assertThat(match("GET", text)).isNotNull();
        assertThat(match("GET", "/contacts/" + text)).isNotNull();
    }

    @Test
    void labelsAreBoundedByTheTable() throws IOException {
        var labels = CATALOGUE.routes().stream().map(Route::label).collect(Collectors.toSet());

        assertThat(CATALOGUE.routes()).hasSize(663);
        assertThat(labels).hasSize(469);
        for (Published operation : published()) {
            assertThat(labels)
                    .contains(match(operation.method(), Templates.filled(operation.template()))
                            .label());
        }
    }

    @Test
    void aMalformedTableIsRefusedWithItsLine() {
        var good = "GET\t/a/{b}\tlocation\tany\t2021-07-28\t-\tpath:b=location\tjson\tno";

        assertRefused("line 1", "GET\t/a");
        assertRefused("line 1", RouteTable.HEADING);
        assertRefused("line 3: 9 columns expected, 2 seen", RouteTable.HEADING, good, "GET\t/a");
        assertRefused("line 2: unknown method 'FETCH'", RouteTable.HEADING, good.replace("GET", "FETCH"));
        assertRefused("line 2", RouteTable.HEADING, good.replace("/a", "a"));
        assertRefused("line 2", RouteTable.HEADING, good.replace("\tlocation\t", "\tsomebody\t"));
        assertRefused("line 2", RouteTable.HEADING, good.replace("any", "some"));
        assertRefused("line 2", RouteTable.HEADING, good.replace("path:b=location", "path:b"));
        assertRefused("line 2", RouteTable.HEADING, good.replace("2021-07-28", ""));
        assertRefused("same shape", RouteTable.HEADING, good, good.replace("{b}", "{c}"));
        assertThat(RouteCatalogue.read(List.of(RouteTable.HEADING, good)).routes())
                .hasSize(1);
    }

    private static void assertRefused(String reason, String... lines) {
        assertThatThrownBy(() -> RouteCatalogue.read(List.of(lines)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("endpoints.tsv: ")
                .hasMessageContaining(reason);
    }

    private static Route match(String method, String path) {
        return CATALOGUE.match(HttpMethod.valueOf(method), path);
    }

    private record Published(String method, String template) {}

    private static List<Published> published() throws IOException {
        var operations = new ArrayList<Published>();
        for (String line : Files.readAllLines(EndpointTable.PUBLISHED)) {
            var cells = line.split("\t", -1);
            if (!line.startsWith("#")) {
                operations.add(new Published(cells[1], cells[2]));
            }
        }
        assertThat(operations).hasSize(1203);
        return operations;
    }

    private static boolean isSameShape(Published one, Published other) {
        return Templates.shape(one.template()).equals(Templates.shape(other.template()));
    }

    private static boolean isCrossing(Published one, Published other) {
        var a = Templates.rank(one.template());
        var b = Templates.rank(other.template());
        boolean oneLiteral = false;
        boolean otherLiteral = false;
        for (int i = 0; i < a.length(); i++) {
            oneLiteral |= a.charAt(i) < b.charAt(i);
            otherLiteral |= a.charAt(i) > b.charAt(i);
        }
        return oneLiteral && otherLiteral;
    }
}
