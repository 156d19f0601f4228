package io.ghlgateway.simulator;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One page of a list, in the order in which its records were created.
 *
 * @param total how many records the whole list has
 * @param more whether there are some after this page
 */
record Listing(Errand errand, List<JsonObject> page, int total, boolean more) {

    /** What a query says of where its page begins. */
    private static final Set<String> MARKS = Set.of("startAfter", "startAfterId", "page", "skip", "offset");

    /** A mark that names no record of the list is taken for its end. */
    static Listing of(Errand errand, List<JsonObject> records) {
        Paging paging = errand.paging();
        int from = paging.after().isEmpty()
                ? 0
                : IntStream.range(0, records.size())
                        .filter(at -> id(records.get(at)).equals(paging.after()))
                        .map(at -> at + 1)
                        .findFirst()
                        .orElse(records.size());
        int begin = (int) Math.min(records.size(), (long) from + paging.skip());
        int end = (int) Math.min(records.size(), (long) begin + paging.limit());
        return new Listing(errand, records.subList(begin, end), records.size(), end < records.size());
    }

    JsonObject toJson() {
        Shape shape = errand.shape();
        JsonArray records = new JsonArray(page);
        if (errand.paging().byToken()) {
            return new JsonObject()
                    .put(shape.many(), records)
                    .put("pagination", errand.paging().toJson(total, more));
        }
        if (shape.style() == Shape.Style.MARKED && errand.method().equals("POST")) {
            return new JsonObject().put(shape.many(), searched()).put("total", total);
        }
        JsonObject list = new JsonObject().put(shape.many(), records);
        return switch (shape.style()) {
            case COUNTED -> list.put("total", total).put("meta", new JsonObject().put("total", total));
            case MARKED -> list.put("meta", marks());
            case TOTAL -> list.put("total", total);
            case BARE -> list;
            case MESSAGES ->
                new JsonObject()
                        .put(
                                shape.many(),
                                list.put("lastMessageId", more ? lastId() : null)
                                        .put("nextPage", more));
        };
    }

    private JsonObject marks() {
        int current = errand.paging().page();
        JsonObject marks = new JsonObject()
                .put("total", total)
                .put("currentPage", current)
                .put("nextPage", more ? current + 1 : null)
                .put("prevPage", current > 1 ? current - 1 : null);
        if (page.isEmpty()) {
            return marks;
        }
        long added = added(page.get(page.size() - 1));
        return marks.put("startAfter", added)
                .put("startAfterId", lastId())
                .put("nextPageUrl", more ? nextPageUrl(added) : null);
    }

    /**
     * The same question from the next record on, at the host that was asked: HighLevel's own, and not that of a gateway
     * in front of it. Who must go on through the gateway takes path and query from it.
     */
    private String nextPageUrl(long added) {
        QueryStringEncoder next = new QueryStringEncoder(errand.url());
        errand.query().forEach((name, value) -> {
            if (!MARKS.contains(name)) {
                next.addParam(name, value);
            }
        });
        next.addParam("startAfter", Long.toString(added));
        next.addParam("startAfterId", lastId());
        return next.toString();
    }

    /** Each record says what a search goes on after. */
    private JsonArray searched() {
        return new JsonArray(page.stream()
                .map(record -> record.copy()
                        .put("searchAfter", new JsonArray().add(added(record)).add(id(record))))
                .toList());
    }

    private String lastId() {
        return page.isEmpty() ? "" : id(page.get(page.size() - 1));
    }

    private static String id(JsonObject record) {
        return record.getString("id");
    }

    /** A caller may have written anything there. */
    private static long added(JsonObject record) {
        try {
            return record.getValue("dateAdded") instanceof String text
                    ? Instant.parse(text).toEpochMilli()
                    : 0;
        } catch (DateTimeParseException noTime) {
            return 0;
        }
    }
}
