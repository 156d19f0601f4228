package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedTableTest {

    private final PublishedTable table = PublishedTable.load();

    @Test
    void knowsEveryRowByItsOwnTemplate() {
        assertThat(table.rows())
                .hasSize(1203)
                .allSatisfy(row -> assertThat(table.match(row.method(), row.template()))
                        .hasValueSatisfying(
                                operation -> assertThat(operation.rows()).contains(row)));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /contacts/c1, /contacts/{contactId}",
        "GET, /contacts, /contacts/",
        "HEAD, /contacts/c1, /contacts/{contactId}",
        "GET, /conversations/search, /conversations/search",
        "GET, /conversations/messages/m1, /conversations/messages/{id}",
        "GET, /conversations/messages/messages, /conversations/messages/{id}",
        "GET, /conversations/c1/messages, /conversations/{conversationId}/messages",
        "GET, /contacts/business/b1, /contacts/business/{businessId}",
        "GET, /contacts/business/notes, /contacts/business/{businessId}",
        "GET, /calendars/events/free-slots, /calendars/{calendarId}/free-slots",
    })
    void takesTheLiteralFirstAndGoesBackWhereItLeadsNowhere(String method, String path, String template) {
        assertThat(table.match(method, path))
                .hasValueSatisfying(
                        operation -> assertThat(operation.template()).isEqualTo(template));
    }

    @ParameterizedTest
    @CsvSource({"GET, /notes/n1", "PATCH, /contacts/c1", "GET, /", "GET, ''", "GET, /contacts/{}/x/y/z"})
    void doesNotKnowWhatWasNeverPublished(String method, String path) {
        assertThat(table.match(method, path)).isEmpty();
    }

    @Test
    void tellsTheGenerationsApart() {
        Operation old = table.match("GET", "/contacts/").orElseThrow();
        Operation shared = table.match("GET", "/contacts/c1").orElseThrow();
        Operation renamed = table.match("GET", "/oauth/installed-locations").orElseThrow();
        Operation undeclared = table.match("POST", "/oauth/token").orElseThrow();

        assertThat(List.of(old.isNew(), shared.isNew(), renamed.isNew())).containsExactly(false, false, true);
        assertThat(shared.rows("v3")).extracting(PublishedRow::module).containsExactly("v3/contacts");
        assertThat(shared.rows("2021-07-28")).extracting(PublishedRow::module).containsExactly("contacts");
        assertThat(old.rows("v3")).extracting(PublishedRow::module).containsExactly("contacts");
        assertThat(undeclared.needsNoToken()).isTrue();
        assertThat(List.of(shared.needsVersion(), undeclared.needsVersion())).containsExactly(true, false);
    }

    @Test
    void findsTheLocationWhereverItStandsInThePath() {
        String path = "/conversations/messages/m1/locations/locB/recording";

        assertThat(table.match("GET", path).orElseThrow().locationsIn(path)).containsExactly("locB");
    }
}
