package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTableTest {

    /** If this fails after the published table or a rule was changed: run the class under test, read what it prints. */
    @Test
    void theCatalogueIsMadeFromThePublishedTable() throws IOException {
        var own = EndpointTable.own(Files.readAllLines(EndpointTable.PUBLISHED));

        assertThat(EndpointTable.changes(Files.readAllLines(EndpointTable.OWN), own))
                .isEmpty();
        assertThat(Files.readAllLines(EndpointTable.OWN)).isEqualTo(own);
    }

    @Test
    void theOrderOfThePublishedLinesDoesNotMatter() throws IOException {
        var published = new ArrayList<>(Files.readAllLines(EndpointTable.PUBLISHED));
        var own = EndpointTable.own(published);

        Collections.reverse(published);

        assertThat(EndpointTable.own(published)).isEqualTo(own);
    }

    @Test
    void theHeadingIsTheOneTheGatewayReads() {
        assertThat(EndpointTable.HEADING).isEqualTo(RouteTable.HEADING);
    }

    @Test
    void aNewTableIsToldByWhatItAddsRemovesAndChanges() {
        var before = own(
                "contacts\tGET\t/a\tlocation\t2021-07-28\ta.readonly\tnone\t-\t0",
                "contacts\tGET\t/b\tlocation\t2021-07-28\t-\tnone\t-\t0",
                "contacts\tGET\t/c\tlocation\t2021-07-28\t-\tnone\t-\t0");
        var now = own(
                "contacts\tGET\t/a\tagency\t2021-07-28\ta.write\tnone\t-\t0",
                "contacts\tGET\t/c\tlocation\t2021-07-28\t-\tnone\t-\t0",
                "contacts\tGET\t/d\tlocation\t2021-07-28\t-\tnone\t-\t0");

        assertThat(EndpointTable.changes(before, now))
                .containsExactly(
                        "changed GET /a: token location -> agency; scopes a.readonly -> a.write; tenant"
                                + " query:locationId=location -> query:companyId=company,query:locationId=location",
                        "removed GET /b",
                        "added GET /d");
        assertThat(EndpointTable.changes(now, now)).isEmpty();
    }

    @Test
    void twoGenerationsOfOneOperationBecomeOne() {
        var lines = own(
                "v3/links\tGET\t/links/{id}\tlocation\tv3\tlinks.readonly\tquery:locationId\t-\t1",
                "links\tGET\t/links/{linkId}\tnone\t2021-07-28\t-\tquery:location_id\t-\t0");

        assertThat(lines)
                .containsExactly(
                        EndpointTable.HEADING,
                        "GET\t/links/{linkId}\tlocation\tany\t2021-07-28\t-|links.readonly"
                                + "\tquery:locationId=location,query:location_id=location\tjson\tyes");
    }

    @ParameterizedTest
    @CsvSource({
        "agent-studio, 2021-04-15",
        "calendars, 2021-04-15",
        "conversation-ai, 2021-04-15",
        "conversations, 2021-04-15",
        "knowledge-base, 2021-04-15",
        "voice-ai, 2021-04-15",
        "saas-api, 2023-02-21",
        "contacts, 2021-07-28",
        "links, 2021-07-28",
        "store, 2021-07-28"
    })
    void theDefaultVersionGoesByTheOldModuleAndV3IsForWhatOnlyV3Has(String module, String version) {
        var old = module + "\tGET\t/x/{a}\tlocation\t-\t-\tnone\t-\t0";
        var shared = "v3/" + module + "\tGET\t/x/{b}\tlocation\tv3\t-\tnone\t-\t0";
        var fresh = "v3/" + module + "\tGET\t/y\tlocation\t-\t-\tnone\t-\t0";

        assertThat(versions(own(old, shared, fresh))).isEqualTo(Map.of("/x/{a}", version, "/y", "v3"));
    }

    @Test
    void theCommittedTableHasTheVersionsThatThePublishedModulesCallFor() throws IOException {
        var counts = RouteCatalogue.load().routes().stream()
                .collect(Collectors.groupingBy(Route::defaultVersion, TreeMap::new, Collectors.counting()));

        assertThat(counts).isEqualTo(Map.of("2021-04-15", 118L, "2021-07-28", 437L, "2023-02-21", 22L, "v3", 86L));
    }

    @Test
    void onlyTwoOperationsNeedNoTokenAndThirteenRefusePrivateOnes() {
        var routes = RouteCatalogue.load().routes();

        assertThat(routes.stream().filter(r -> r.tokenKind() == TokenKind.NONE).map(EndpointTableTest::operation))
                .containsExactlyInAnyOrder("POST /oauth/token", "GET /chat-widget/public/config/{id}");
        assertThat(routes.stream().filter(Route::oauthOnly)).hasSize(13);
        assertThat(routes.stream().filter(r -> r.bodyKind() == BodyKind.MULTIPART))
                .hasSize(5);
    }

    private static String operation(Route route) {
        return route.method() + " " + route.template();
    }

    private static List<String> own(String... published) {
        return EndpointTable.own(List.of(published));
    }

    private static Map<String, String> versions(List<String> own) {
        return own.stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .collect(Collectors.toMap(cells -> cells[1], cells -> cells[4]));
    }
}
