package io.ghlgateway.simulator;

import java.util.List;
import java.util.Set;

/**
 * What a path of HighLevel's stands for. A published one is told by its template; any other by its form alone: names and
 * ids alternate, {@code /contacts/{id}/notes}, a POST goes to a name, {@code /conversations/messages}, and a last segment
 * with a digit is an id wherever it stands.
 *
 * @param form the collection as its template names it, parameters as <code>{}</code>
 * @param collection the path up to the id
 * @param id empty for the collection itself
 * @param verb {@code search} and the like at the path's end, else empty; after an id, the part or property that is meant
 */
record RecordPath(String form, String collection, String id, String verb) {

    private static final Set<String> QUESTIONS = Set.of("search", "list", "all", "lookup", "count");
    private static final String UPSERT = "upsert";
    private static final String PARAMETER = "{}";

    static RecordPath of(String method, String path) {
        List<String> segments = PublishedTable.segments(path);
        if (segments.size() < 2) {
            return collection(segments, segments, "");
        }
        String last = segments.get(segments.size() - 1);
        List<String> before = segments.subList(0, segments.size() - 1);
        if (isVerb(last)) {
            return collection(before, before, last);
        }
        boolean name = method.equals("POST") || segments.size() % 2 == 1;
        boolean item = !name || last.chars().anyMatch(Character::isDigit);
        return item ? item(before, segments) : collection(segments, segments, "");
    }

    static RecordPath of(Operation operation, String method, String path) {
        List<String> segments = PublishedTable.segments(path);
        List<String> names = PublishedTable.segments(operation.template()).stream()
                .map(name -> name.startsWith("{") ? PARAMETER : name)
                .toList();
        int end = names.size() - 1;
        String last = names.get(end);
        if (last.equals(PARAMETER) && end > 0) {
            return item(names.subList(0, end), segments);
        }
        if (isVerb(last) && end > 0 && !names.get(end - 1).equals(PARAMETER)) {
            return collection(names.subList(0, end), segments.subList(0, end), last);
        }
        boolean changesPart = Set.of("PUT", "PATCH").contains(method)
                && end > 1
                && names.get(end - 1).equals(PARAMETER);
        return changesPart
                ? new RecordPath(
                        joined(names.subList(0, end - 1)),
                        joined(segments.subList(0, end - 1)),
                        segments.get(end - 1),
                        last)
                : collection(names, segments, "");
    }

    /** The id of the record under which the collection stands: in {@code contacts/c1/tags} the contact's; or empty. */
    String parent() {
        int at = PublishedTable.segments(form).lastIndexOf(PARAMETER);
        return at < 0 ? "" : PublishedTable.segments(collection).get(at);
    }

    /** The name of the collection in an answer: {@code contacts}. */
    String plural() {
        List<String> names = PublishedTable.segments(form).stream()
                .filter(name -> !name.equals(PARAMETER))
                .toList();
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    /** The name of one record in an answer: {@code contact}. */
    String singular() {
        String plural = plural();
        if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        }
        if (plural.endsWith("sses")) {
            return plural.substring(0, plural.length() - 2);
        }
        return plural.endsWith("s") && !plural.endsWith("ss") ? plural.substring(0, plural.length() - 1) : plural;
    }

    boolean isItem() {
        return !id.isEmpty();
    }

    boolean isQuestion() {
        return QUESTIONS.contains(verb);
    }

    boolean isUpsert() {
        return verb.equals(UPSERT);
    }

    private static boolean isVerb(String segment) {
        return QUESTIONS.contains(segment) || segment.equals(UPSERT);
    }

    private static RecordPath collection(List<String> form, List<String> segments, String verb) {
        return new RecordPath(joined(form), joined(segments), "", verb);
    }

    private static RecordPath item(List<String> form, List<String> segments) {
        int end = segments.size() - 1;
        return new RecordPath(joined(form), joined(segments.subList(0, end)), segments.get(end), "");
    }

    private static String joined(List<String> segments) {
        return String.join("/", segments);
    }
}
