package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Appointments among the events of calendars, and the time that they leave; and what else is kept in another's record. */
class SimulatorCalendarTest {

    private static final String APPOINTMENTS = "/calendars/events/appointments";
    private static final JsonObject TEA = new JsonObject()
            .put("calendarId", "cal1")
            .put("contactId", "c1")
            .put("title", "Tea")
            .put("startTime", "2030-05-01T12:00:00+02:00")
            .put("endTime", "2030-05-01T13:00:00+02:00");

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(
            prompt().tokens(Map.of(TOKEN, Account.parse("locA"))).build());

    @Test
    void makesAnAppointmentFlatAndReadsItAsAnEvent() {
        JsonObject made = json(201, upstream.send("POST", APPOINTMENTS, TEA.encode()));
        String path = APPOINTMENTS + "/" + made.getString("id");
        JsonObject moved = json(200, upstream.send("PUT", path, "{\"title\":\"Coffee\"}"));

        assertThat(made.getString("title")).isEqualTo("Tea");
        assertThat(moved.getString("title")).isEqualTo("Coffee");
        assertThat(get(path).getJsonObject("event").getString("title")).isEqualTo("Coffee");
    }

    @ParameterizedTest
    @CsvSource({
        "/calendars/events?calendarId=cal1, 1",
        "/calendars/events?calendarId=cal2, 0",
        "/contacts/c1/appointments, 1",
        "/contacts/c2/appointments, 0",
        "/calendars/blocked-slots?calendarId=cal1, 0",
    })
    void listsAnAppointmentWhereItBelongs(String path, int count) {
        upstream.send("POST", APPOINTMENTS, TEA.encode());

        assertThat(get(path).getJsonArray("events")).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-05-01T10:00:00Z, 2030-05-01T10:00:01Z, 1",
        "2030-05-01T09:00:00Z, 2030-05-01T10:00:00Z, 0",
        "2030-05-01T10:00:01Z, 2030-05-02T00:00:00Z, 0",
    })
    void listsTheEventsThatBeginInARangeOfMilliseconds(Instant from, Instant to, int count) {
        upstream.send("POST", APPOINTMENTS, TEA.encode());
        upstream.send("POST", APPOINTMENTS, "{\"title\":\"some time\"}");

        JsonObject found = get("/calendars/events?startTime=" + from.toEpochMilli() + "&endTime=" + to.toEpochMilli());

        assertThat(found.getJsonArray("events")).hasSize(count);
    }

    @Test
    void deletesAnAppointmentAsTheEventThatItIs() {
        String id = json(201, upstream.send("POST", APPOINTMENTS, TEA.encode())).getString("id");

        JsonObject done = json(200, upstream.send("DELETE", "/calendars/events/" + id, "{}"));

        assertThat(done.getBoolean("succeeded")).isTrue();
        assertThat(upstream.get(APPOINTMENTS + "/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void listsABlockedSlotAsSuch() {
        JsonObject blocked = json(201, upstream.send("POST", "/calendars/events/block-slots", TEA.encode()));

        JsonArray listed = get("/calendars/blocked-slots?calendarId=cal1").getJsonArray("events");
        assertThat(listed.getJsonObject(0).getString("id")).isEqualTo(blocked.getString("id"));
        assertThat(get("/calendars/events?calendarId=cal1").getJsonArray("events"))
                .isEmpty();
    }

    @Test
    void isFreeFromNineToFiveButForAppointments() {
        upstream.send("POST", APPOINTMENTS, TEA.encode());

        JsonObject days = freeSlots("2030-05-01T00:00:00Z", "2030-05-03T00:00:00Z", "UTC");

        assertThat(days.fieldNames()).containsExactlyInAnyOrder("2030-05-01", "2030-05-02", "traceId");
        List<?> slots = slots(days, "2030-05-01");
        assertThat(slots).hasSize(14);
        assertThat(slots.get(0)).isEqualTo("2030-05-01T09:00:00+00:00");
        assertThat(slots.toString()).doesNotContain("T10:00").doesNotContain("T10:30");
        assertThat(slots(days, "2030-05-02")).hasSize(16);
    }

    @Test
    void saysFreeSlotsInTheTimezoneThatIsAskedFor() {
        JsonObject days = freeSlots("2030-05-01T00:00:00Z", "2030-05-01T14:00:00Z", "America/New_York");

        assertThat(slots(days, "2030-05-01").toString())
                .isEqualTo("[2030-05-01T09:00:00-04:00, 2030-05-01T09:30:00-04:00]");
    }

    @Test
    void keepsTheTagsOfAContactInItsRecord() {
        JsonObject added =
                json(201, upstream.send("POST", "/contacts/c1/tags", "{\"tags\":[\"vip\",\"new\",\"vip\"]}"));
        JsonObject removed = json(200, upstream.send("DELETE", "/contacts/c1/tags", "{\"tags\":[\"new\",\"old\"]}"));

        assertThat(added.getJsonArray("tags")).containsExactly("vip", "new");
        assertThat(removed.getJsonArray("tags")).containsExactly("vip");
        assertThat(get("/contacts/c1").getJsonObject("contact").getJsonArray("tags"))
                .containsExactly("vip");
    }

    @Test
    void tagsNoContactThatIsDeleted() {
        upstream.send("DELETE", "/contacts/c1", "");

        assertThat(upstream.send("POST", "/contacts/c1/tags", "{\"tags\":[\"vip\"]}")
                        .statusCode())
                .isEqualTo(404);
    }

    private JsonObject freeSlots(String from, String to, String zone) {
        return get("/calendars/cal1/free-slots?startDate="
                + Instant.parse(from).toEpochMilli() + "&endDate="
                + Instant.parse(to).toEpochMilli() + "&timezone=" + zone);
    }

    private static List<?> slots(JsonObject days, String day) {
        return days.getJsonObject(day).getJsonArray("slots").getList();
    }

    private JsonObject get(String path) {
        return json(200, upstream.get(path));
    }

    private static JsonObject json(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(status);
        return new JsonObject(answer.body());
    }
}
