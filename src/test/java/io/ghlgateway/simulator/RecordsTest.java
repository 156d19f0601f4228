package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {

    /** Of which sixty-four fit, with their ids and dates, and sixty-five do not. */
    private static final int LARGE = (1 << 20) - 1000;

    private final Records records = new Records(new SplittableRandom(5));

    @Test
    void forgetsTheOldestRecordWhenThereAreTooMany() {
        String oldest = create("locA", 2);
        String second = create("locA", 2);
        for (int more = 0; more < 9_999; more++) {
            create("locB", 2);
        }

        assertThat(isKept("locA", oldest)).isFalse();
        assertThat(isKept("locA", second)).isTrue();
    }

    @Test
    void forgetsTheOldestRecordWhenTheyAreTooLarge() {
        String oldest = create("locA", LARGE);
        String second = create("locA", LARGE);
        for (int more = 0; more < 63; more++) {
            create("locB", LARGE);
        }

        assertThat(isKept("locA", oldest)).isFalse();
        assertThat(isKept("locA", second)).isTrue();
    }

    @Test
    void keepsAccountsApart() {
        String id = create("locA", 2);

        assertThat(isKept("locB", id)).isFalse();
    }

    @Test
    void neverListsMoreThanAskedFor() {
        for (int record = 0; record < 5; record++) {
            create("locA", 2);
        }

        JsonObject page = answer("GET", "/contacts/", "locA", 3, body(0));

        assertThat(page.getJsonArray("contacts")).hasSize(3);
        assertThat(page.getJsonObject("meta").getInteger("total")).isEqualTo(5);
    }

    @Test
    void keepsOnlySizeAndHashOfALargeBody() {
        ReceivedBody large = new ReceivedBody(5_000_000, "abc", Optional.empty());

        JsonObject created = answer("POST", "/medias/upload-file", "locA", 20, large);

        assertThat(created.toString()).contains("\"bytes\":5000000").contains("\"sha256\":\"abc\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /contacts, contacts, '', contact",
        "GET, /contacts/, contacts, '', contact",
        "GET, /contacts/abc, contacts, abc, contact",
        "GET, /contacts/search, contacts, '', contact",
        "GET, /contacts/abc/notes, contacts/abc/notes, '', note",
        "GET, /contacts/abc/notes/n1, contacts/abc/notes, n1, note",
        "GET, /calendars/events/a1b2, calendars/events, a1b2, event",
        "GET, /opportunities/o, opportunities, o, opportunity",
        "GET, /business/b, business, b, business",
        "POST, /conversations/messages, conversations/messages, '', message",
        "POST, /contacts/a1, contacts, a1, contact",
    })
    void tellsCollectionsFromRecords(String method, String path, String collection, String id, String singular) {
        RecordPath target = RecordPath.of(method, path);

        assertThat(target.collection()).isEqualTo(collection);
        assertThat(target.id()).isEqualTo(id);
        assertThat(target.singular()).isEqualTo(singular);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /opportunities/pipelines, opportunities/pipelines, opportunities/pipelines, '', ''",
        "GET, /conversations/search, conversations, conversations, '', search",
        "GET, /conversations/messages/m, conversations/messages, conversations/messages, m, ''",
        "GET, /contacts/abc/notes/n, contacts/{}/notes, contacts/abc/notes, n, ''",
        "POST, /contacts/upsert, contacts, contacts, '', upsert",
        "PUT, /opportunities/o/status, opportunities, opportunities, o, status",
        "POST, /opportunities/o/followers, opportunities/{}/followers, opportunities/o/followers, '', ''",
    })
    void tellsAPublishedPathByItsTemplate(
            String method, String path, String form, String collection, String id, String verb) {
        Operation operation = PublishedTable.load().match(method, path).orElseThrow();

        assertThat(RecordPath.of(operation, method, path)).isEqualTo(new RecordPath(form, collection, id, verb));
    }

    private String create(String owner, int bytes) {
        return answer("POST", "/contacts/", owner, 20, body(bytes))
                .getJsonObject("contact")
                .getString("id");
    }

    private boolean isKept(String owner, String id) {
        return answer("GET", "/contacts/" + id, owner, 20, body(0))
                .getJsonObject("contact")
                .containsKey("dateAdded");
    }

    private JsonObject answer(String method, String path, String owner, int limit, ReceivedBody body) {
        Errand errand = new Errand(
                method,
                "http://upstream" + path,
                MultiMap.caseInsensitiveMultiMap(),
                RecordPath.of(method, path),
                owner,
                new Paging(limit, 0, "", false),
                body,
                Instant.EPOCH,
                new Voice("trace", false));
        return new JsonObject(records.answer(errand).body());
    }

    /** An object in about so many bytes. */
    private static ReceivedBody body(int bytes) {
        Buffer json = new JsonObject().put("note", "x".repeat(bytes)).toBuffer();
        return new ReceivedBody(json.length(), "", Optional.of(json));
    }
}
