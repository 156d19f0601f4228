package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RouteCatalogue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code routes} says is what the door does. */
class RoutesCommandTest {

    private static final Path PUBLISHED = Path.of("src/main/resources/io/ghlgateway/simulator/published-endpoints.tsv");

    private record Said(int exit, String out, String err) {}

    @Test
    void aKnownOperationIsExplained() {
        assertThat(routes("get", "/contacts/abc?x=1").out())
                .contains(
                        "route:     GET /contacts/{contactId}\n",
                        "version:   2021-07-28 unless the caller sends one\n",
                        "token:     location\n",
                        "scopes:    contacts.readonly\n",
                        "metrics:   route=\"/contacts/{contactId}\"\n")
                .doesNotContain("refused:", "acts on:");
    }

    @Test
    void anUnknownOperationPasses() {
        assertThat(routes("GET", "/no-such-api").out())
                .contains("not in the catalogue; passes as it is", "\"unmatched\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /%63ontacts/x, 400 bad_request",
        "GET, /contacts/../x, 400 bad_request",
        "GET, /contacts/%2e%2e/x, 400 bad_request",
        "GET, /contacts//x, 400 bad_request",
        "GET, '/contacts/a b', 400 bad_request",
        "TRACE, /contacts/, 405 bad_request",
        "connect, /contacts/, 405 bad_request",
        "POST, /oauth/token, 403 forbidden"
    })
    void whatTheDoorRefusesIsSaidToBeRefused(String method, String path, String answer) {
        var said = routes(method, path);

        assertThat(said.out()).startsWith("refused:   " + answer + ", ").hasLineCount(1);
        assertThat(said.exit()).isZero();
    }

    @Test
    void theDoorRefusesThemInTheSameWords() {
        try (var bed = TestBed.start(new Plan());
                var wire = bed.wire()) {
            var door = wire.send("GET /%63ontacts/x HTTP/1.1\nHost: gateway\nConnection: close\nAuthorization: Bearer "
                            + Plan.KEY + "\n\n")
                    .rest();

            var words = routes("GET", "/%63ontacts/x").out().strip().split(", ", 2)[1];
            assertThat(door).startsWith("HTTP/1.1 400 ").contains(words);
        }
    }

    @ParameterizedTest
    @CsvSource({"G@T, /x, 'G@T'", "GET, contacts, begins with '/'", "GET,, needs a PATH"})
    void whatIsNoRequestIsAWrongArgument(String method, String path, String complaint) {
        var said = path == null ? routes(method) : routes(method, path);

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains(complaint);
    }

    @Test
    void theLocationOfAnAgencysOperationIsWhatItActsOn() {
        var said = routes("PUT", "/locations/x").out();

        assertThat(said).contains("token:     agency\n");
        assertThat(line(said, "tenant:")).contains("companyId").doesNotContain("locationId");
        assertThat(line(said, "acts on:")).contains("path parameter locationId").doesNotContain("companyId");
    }

    @Test
    void theLocationOfALocationsOperationIsWhomItIsFor() {
        var said = routes("GET", "/locations/x/customFields").out();

        assertThat(line(said, "tenant:")).contains("path parameter locationId");
        assertThat(line(said, "acts on:")).doesNotContain("locationId");
    }

    @Test
    void anEndpointsOwnLimitIsShown() {
        assertThat(routes("POST", "/agent-studio/agent/1/execute").out()).contains("limit:     300 requests");
    }

    @Test
    void withoutArgumentsEveryOperationIsListedOnceInOrder() {
        var said = routes();

        var lines = said.out().lines().toList();
        assertThat(said.exit()).isZero();
        assertThat(lines)
                .hasSize(RouteCatalogue.load().routes().size())
                .doesNotHaveDuplicates()
                .contains("GET     2021-07-28 location  /contacts/{contactId}")
                .isSortedAccordingTo((one, other) -> template(one).compareTo(template(other)));
    }

    /** Counted, so that a column that slips, or a separator that changes, is seen. */
    @Test
    void theScopesAreThoseOfThePublishedTable() throws Exception {
        var published = Files.readAllLines(PUBLISHED).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1)[5])
                .filter(scopes -> !scopes.equals("-"))
                .toList();
        var catalogue = RouteCatalogue.load().routes().stream()
                .filter(route -> !route.scopes().isEmpty())
                .toList();

        var distinct = published.stream().flatMap(RoutesCommandTest::scopes).distinct();
        assertThat(published).hasSize(939);
        assertThat(catalogue).as("the generations of one operation are one").hasSize(517);
        assertThat(distinct)
                .hasSize(131)
                .containsExactlyInAnyOrderElementsOf(catalogue.stream()
                        .flatMap(route -> route.scopes().stream())
                        .distinct()
                        .toList());
    }

    private static Stream<String> scopes(String cell) {
        return Arrays.stream(cell.split("[, ]+"));
    }

    private static String template(String line) {
        return line.substring(line.indexOf('/'));
    }

    private static String line(String said, String begin) {
        return said.lines().filter(line -> line.startsWith(begin)).findFirst().orElse("");
    }

    private static Said routes(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        var all = Stream.concat(Stream.of("routes"), Arrays.stream(arguments)).toArray(String[]::new);
        int exit = line.execute(all);
        return new Said(exit, out.toString().replace("\r\n", "\n"), err.toString());
    }
}
