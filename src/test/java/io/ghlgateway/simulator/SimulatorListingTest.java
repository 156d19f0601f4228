package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists have HighLevel's names, and their pages add up to the whole. */
class SimulatorListingTest {

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(
            prompt().tokens(Map.of(TOKEN, Account.parse("locA"))).build());

    @Test
    void goesOnAfterTheMarksOfThePageBefore() {
        List<String> created = create("/contacts/", "contact", 5);
        List<String> read = new ArrayList<>();
        String path = "/contacts/?locationId=locA&limit=2";

        JsonObject meta;
        do {
            JsonObject page = json(upstream.get(path));
            read.addAll(ids(page.getJsonArray("contacts")));
            meta = page.getJsonObject("meta");
            path = "/contacts/?locationId=locA&limit=2&startAfter=" + meta.getLong("startAfter") + "&startAfterId="
                    + meta.getString("startAfterId");
        } while (meta.getString("nextPageUrl") != null);

        assertThat(read).containsExactlyElementsOf(created);
        assertThat(meta.getInteger("total")).isEqualTo(5);
    }

    @Test
    void namesTheNextPageByAnAddressThatAnswers() {
        List<String> created = create("/contacts/", "contact", 3);

        String next = json(upstream.get("/contacts/?locationId=locA&query=a%26b&limit=2"))
                .getJsonObject("meta")
                .getString("nextPageUrl");
        String path = next.substring(upstream.simulator().url().length());

        assertThat(path).startsWith("/contacts/?").contains("locationId=locA", "query=a%26b", "limit=2");
        assertThat(ids(json(upstream.get(path)).getJsonArray("contacts"))).containsExactly(created.get(2));
    }

    @Test
    void searchesOnAfterTheLastRecordFound() {
        List<String> created = create("/contacts/", "contact", 3);

        JsonObject first = json(upstream.send("POST", "/contacts/search", "{\"pageLimit\":2}"));
        JsonArray after = first.getJsonArray("contacts").getJsonObject(1).getJsonArray("searchAfter");
        JsonObject second = json(upstream.send(
                "POST",
                "/contacts/search",
                new JsonObject().put("pageLimit", 2).put("searchAfter", after).encode()));

        assertThat(first.getInteger("total")).isEqualTo(3);
        assertThat(ids(second.getJsonArray("contacts"))).containsExactly(created.get(2));
    }

    @ParameterizedTest
    @CsvSource({"skip=2&limit=2", "offset=2&limit=2", "page=2&pageLimit=2", "page=2&limit=2"})
    void skipsInEveryStyle(String query) {
        List<String> created = create("/locations/locA/customFields", "customField", 5);

        JsonObject page = json(upstream.get("/locations/locA/customFields?" + query));

        assertThat(ids(page.getJsonArray("customFields"))).containsExactly(created.get(2), created.get(3));
    }

    @Test
    void goesOnByTokenInTheThirdGeneration() {
        List<String> created = create("/contacts/c1/notes", "note", 3);

        JsonObject first = json(upstream.get("/contacts/c1/notes?pageSize=2"));
        String token = first.getJsonObject("pagination").getString("nextPageToken");
        JsonObject last = json(upstream.get("/contacts/c1/notes?pageSize=2&pageToken=" + token));

        assertThat(ids(last.getJsonArray("notes"))).containsExactly(created.get(2));
        assertThat(last.getJsonObject("pagination").getString("nextPageToken")).isNull();
    }

    @Test
    void putsTheMessagesOfAConversationIntoAnObjectOfTheirOwn() {
        JsonObject none = json(upstream.get("/conversations/v1/messages")).getJsonObject("messages");

        assertThat(none.getJsonArray("messages")).isEmpty();
        assertThat(none.getBoolean("nextPage")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/contacts/c1, contact",
        "/opportunities/o1, opportunity",
        "/opportunities/search?location_id=locA, opportunities",
        "/opportunities/pipelines?locationId=locA, pipelines",
        "/conversations/search?locationId=locA, conversations",
        "/conversations/v1, id",
        "/conversations/messages/m1, id",
        "/calendars/?locationId=locA, calendars",
        "/calendars/cal1, calendar",
        "/calendars/events?locationId=locA, events",
        "/calendars/groups?locationId=locA, groups",
        "/locations/locA, location",
        "/locations/search, locations",
        "/locations/locA/customFields, customFields",
        "/locations/locA/tags, tags",
        "/users/?locationId=locA, users",
        "/users/u1, id",
    })
    void answersUnderHighLevelsNames(String path, String name) {
        assertThat(json(upstream.get(path)).fieldNames()).contains(name, "traceId");
    }

    @Test
    void hasAPipelineAndACalendarFromTheBeginning() {
        JsonObject pipeline = json(upstream.get("/opportunities/pipelines?locationId=locA"))
                .getJsonArray("pipelines")
                .getJsonObject(0);

        assertThat(pipeline.getJsonArray("stages")).hasSize(2);
        assertThat(json(upstream.get("/calendars/?locationId=locA")).getJsonArray("calendars"))
                .hasSize(1);
    }

    @Test
    void changesAPartOfARecord() {
        String id = create("/opportunities/", "opportunity", 1).get(0);

        JsonObject done = json(upstream.send("PUT", "/opportunities/" + id + "/status", "{\"status\":\"won\"}"));

        assertThat(done.getBoolean("succeded")).isTrue();
        assertThat(json(upstream.get("/opportunities/" + id))
                        .getJsonObject("opportunity")
                        .getString("status"))
                .isEqualTo("won");
    }

    private List<String> create(String path, String name, int count) {
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            upstream.pass(Duration.ofSeconds(1));
            HttpResponse<String> created = upstream.send("POST", path, "{\"name\":\"number " + number + "\"}");
            ids.add(new JsonObject(created.body()).getJsonObject(name).getString("id"));
        }
        return ids;
    }

    private static List<String> ids(JsonArray records) {
        return records.stream()
                .map(record -> ((JsonObject) record).getString("id"))
                .toList();
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
