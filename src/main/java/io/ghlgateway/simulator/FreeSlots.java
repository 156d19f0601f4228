package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When a calendar has time: every half hour of nine to five, each day of the week, in which no appointment is made. */
final class FreeSlots {

    private static final LocalTime OPENING = LocalTime.of(9, 0);
    private static final Duration SLOT = Duration.ofMinutes(30);
    private static final int SLOTS_A_DAY = 16;
    private static final int MOST_DAYS = 31;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    private final RecordStore store;

    FreeSlots(RecordStore store) {
        this.store = store;
    }

    /** An appointment's time, which has its {@code SLOT} where it names no end. */
    private record Taken(Instant from, Instant to) {

        static Optional<Taken> of(JsonObject event) {
            return TimeRange.instant(event.getValue("startTime"))
                    .map(from -> new Taken(
                            from, TimeRange.instant(event.getValue("endTime")).orElse(from.plus(SLOT))));
        }

        boolean overlaps(Instant slot) {
            return from.isBefore(slot.plus(SLOT)) && slot.isBefore(to);
        }
    }

    /** The slots from {@code startDate} to {@code endDate}, by day; of a day that has none nothing is said. */
    Answer list(Errand errand) {
        TimeRange asked = TimeRange.of(errand.query(), "startDate", "endDate");
        Instant from = asked.from().orElse(errand.now());
        Instant to = asked.to().orElse(from.plus(Duration.ofDays(1)));
        ZoneId zone = zone(errand.query().get("timezone"));
        List<Taken> taken = taken(errand);
        LocalDate first = LocalDate.ofInstant(from, zone);
        JsonObject days = new JsonObject();
        for (LocalDate day = first; day.isBefore(first.plusDays(MOST_DAYS)); day = day.plusDays(1)) {
            JsonArray slots = new JsonArray(slots(day, zone)
                    .filter(slot -> !slot.isBefore(from) && slot.isBefore(to))
                    .filter(slot -> taken.stream().noneMatch(other -> other.overlaps(slot)))
                    .map(slot -> TIME.format(slot.atZone(zone)))
                    .toList());
            if (!slots.isEmpty()) {
                days.put(day.toString(), new JsonObject().put("slots", slots));
            }
        }
        return errand.voice().json(200, days);
    }

    private static Stream<Instant> slots(LocalDate day, ZoneId zone) {
        Instant opening = day.atTime(OPENING).atZone(zone).toInstant();
        return IntStream.range(0, SLOTS_A_DAY).mapToObj(slot -> opening.plus(SLOT.multipliedBy(slot)));
    }

    private List<Taken> taken(Errand errand) {
        String calendar = errand.target().parent();
        return store.all(errand.shelf("calendars/events")).stream()
                .filter(event -> calendar.equals(event.getValue("calendarId")))
                .flatMap(event -> Taken.of(event).stream())
                .toList();
    }

    private static ZoneId zone(@Nullable String name) {
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC;
        }
    }
}
