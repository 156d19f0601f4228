package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which part of a list is asked for, in any of the styles that HighLevel's modules have.
 *
 * @param limit how many records at most
 * @param skip how many are left out, after {@code after}
 * @param after the id of the last record of the page before; empty for none
 * @param byToken whether the third generation's {@code pageSize} and {@code pageToken} were sent
 */
record Paging(int limit, int skip, String after, boolean byToken) {

    private static final int USUAL = 20;
    private static final int MOST = 100;
    private static final int MOST_EXPORTED = 500;
    private static final String EXPORT = "/conversations/messages/export";
    private static final List<String> SIZES = List.of("limit", "pageLimit", "pageSize");
    private static final List<String> SKIPS = List.of("skip", "offset");
    private static final List<String> MARKS = List.of("startAfterId", "lastMessageId", "cursor");

    /** What is wrong with the paging of a call: over the maximum, no number, no token of ours. */
    record Wrong(int status, String message) {

        Answer refusal(Voice voice) {
            return status == 422 ? voice.invalid(List.of(message)) : voice.refusal(status, message);
        }
    }

    static Optional<Wrong> wrong(String path, MultiMap query, JsonObject body) {
        int most = path.equals(EXPORT) ? MOST_EXPORTED : MOST;
        Optional<Wrong> size = SIZES.stream()
                .flatMap(name -> said(name, query, body).flatMap(text -> wrongSize(name, text, most).stream()))
                .findFirst();
        return size.or(() -> said("pageToken", query, body)
                .findFirst()
                .filter(token -> skipped(token).isEmpty())
                .map(token -> new Wrong(400, "pageToken is invalid")));
    }

    private static Optional<Wrong> wrongSize(String name, String text, int most) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            return Optional.of(new Wrong(422, name + " must be a number not less than 1"));
        }
        return Integer.parseInt(text) > most
                ? Optional.of(new Wrong(400, name + " must not be greater than " + most))
                : Optional.empty();
    }

    /** To be asked of a call with which nothing is {@link #wrong}. */
    static Paging of(MultiMap query, JsonObject body) {
        int limit = number(SIZES, query, body).filter(size -> size > 0).orElse(USUAL);
        int page = number(List.of("page"), query, body)
                .filter(number -> number > 0)
                .orElse(1);
        int skip = number(SKIPS, query, body)
                .or(() -> said("pageToken", query, body).findFirst().flatMap(Paging::skipped))
                .orElse((int) Math.min(Integer.MAX_VALUE, (long) (page - 1) * limit));
        String after = MARKS.stream()
                .flatMap(mark -> said(mark, query, body))
                .findFirst()
                .or(() -> searchAfter(body))
                .orElse("");
        boolean byToken = Stream.of("pageSize", "pageToken")
                .anyMatch(name -> said(name, query, body).findAny().isPresent());
        return new Paging(limit, skip, after, byToken);
    }

    /** The same, but of no more records than this. */
    Paging capped(int most) {
        return new Paging(Math.min(limit, most), skip, after, byToken);
    }

    /**
     * What the third generation says of a page.
     *
     * @param total how many records the whole list has
     * @param more whether there are some after this page
     */
    JsonObject toJson(int total, boolean more) {
        return new JsonObject()
                .put("pageSize", limit)
                .put("total", total)
                .put("nextPageToken", more ? nextToken() : null);
    }

    private String nextToken() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("skip:" + (skip + limit)).getBytes(StandardCharsets.US_ASCII));
    }

    /** The number of this page, from 1; of pages that go on after a mark always the first. */
    int page() {
        return skip / limit + 1;
    }

    private static Optional<Integer> skipped(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            return text.matches("skip:\\d{1,9}") ? Optional.of(Integer.valueOf(text.substring(5))) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** The sort values of the last record; its id comes last. */
    private static Optional<String> searchAfter(JsonObject body) {
        return body.getValue("searchAfter") instanceof JsonArray values && !values.isEmpty()
                ? Optional.of(String.valueOf(values.getValue(values.size() - 1)))
                : Optional.empty();
    }

    private static Optional<Integer> number(List<String> names, MultiMap query, JsonObject body) {
        return names.stream()
                .flatMap(name -> said(name, query, body))
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .findFirst();
    }

    private static Stream<String> said(String name, MultiMap query, JsonObject body) {
        Object inBody = body.getValue(name);
        return Stream.concat(
                query.getAll(name).stream(),
                inBody instanceof String || inBody instanceof Number ? Stream.of(inBody.toString()) : Stream.empty());
    }
}
