package io.ghlgateway.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a path of HighLevel's stands for, told from its form alone: names and ids alternate, {@code /contacts/{id}/notes},
 * a POST goes to a name, {@code /conversations/messages}, and a last segment with a digit is an id wherever it stands.
 *
 * @param collection the path up to the id
 * @param id empty for the collection itself
 * @param verb {@code search} and the like at the path's end, else empty
 */
record RecordPath(String collection, String id, String verb) {

    private static final Set<String> VERBS = Set.of("search", "list", "all", "lookup", "count", "upsert");

    static RecordPath of(String method, String path) {
        List<String> segments =
                Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
        if (segments.size() < 2) {
            return new RecordPath(String.join("/", segments), "", "");
        }
        String last = segments.get(segments.size() - 1);
        String before = String.join("/", segments.subList(0, segments.size() - 1));
        if (VERBS.contains(last)) {
            return new RecordPath(before, "", last);
        }
        boolean name = method.equals("POST") || segments.size() % 2 == 1;
        boolean item = !name || last.chars().anyMatch(Character::isDigit);
        return item ? new RecordPath(before, last, "") : new RecordPath(before + "/" + last, "", "");
    }

    /** The name of the collection in an answer: {@code contacts}. */
    String plural() {
        return collection.substring(collection.lastIndexOf('/') + 1);
    }

    /** The name of one record in an answer: {@code contact}. */
    String singular() {
        String plural = plural();
        if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        }
        return plural.endsWith("s") && !plural.endsWith("ss") ? plural.substring(0, plural.length() - 1) : plural;
    }

    boolean isItem() {
        return !id.isEmpty();
    }

    boolean isQuestion() {
        return !verb.isEmpty() && !verb.equals("upsert");
    }
}
