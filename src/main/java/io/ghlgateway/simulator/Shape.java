package io.ghlgateway.simulator;

import java.util.Map;
import java.util.Set;

/**
 * Under which names the records of one collection stand in HighLevel's answers, and where they are kept.
 *
 * @param many the list
 * @param one a single record that is read; empty where its fields stand at the top
 * @param written one that was created or changed, likewise
 * @param style how a list says what comes after it
 * @param done what a change or deletion is confirmed with, in HighLevel's three spellings
 * @param confirms what is confirmed besides
 * @param standing whether an account has some of them from its beginning, so that a list never is empty
 * @param shelf the collection that these are a view of; empty where they are kept under their own path
 * @param parent the field of a record that says to which of the path's parents it belongs; empty where the path does
 * @param narrowedBy the fields that a list's query may ask for
 */
record Shape(
        String many,
        String one,
        String written,
        Style style,
        String done,
        Confirms confirms,
        boolean standing,
        String shelf,
        String parent,
        Set<String> narrowedBy) {

    /** How a list says what comes after it. */
    enum Style {
        /** A total, at the top and in {@code meta}; what is answered where nothing is known. */
        COUNTED,
        /** {@code meta} with the record to start after. */
        MARKED,
        /** A total at the top. */
        TOTAL,
        /** Nothing. */
        BARE,
        /** The list and the last id in an object of their own. */
        MESSAGES
    }

    /** After which writes an answer says that they are done. */
    enum Confirms {
        DELETIONS,
        CHANGES,
        ALL
    }

    private static final String EVENTS = "calendars/events";
    private static final String BLOCKED = "calendars/blocked-slots";
    private static final Set<String> OF_CALENDAR = Set.of("calendarId", "groupId");

    /** By the template's collection, parameters unnamed. */
    private static final Map<String, Shape> KNOWN = Map.ofEntries(
            Map.entry("contacts", shape("contacts", "contact", Style.MARKED, "succeded")),
            Map.entry("contacts/{}/notes", shape("notes", "note", Style.BARE, "succeded")),
            Map.entry("contacts/{}/tasks", shape("tasks", "task", Style.BARE, "succeded")),
            Map.entry(
                    "contacts/{}/appointments",
                    shape("events", "event", Style.BARE, "succeded")
                            .keptIn(EVENTS)
                            .of("contactId")),
            Map.entry(
                    "conversations",
                    shape("conversations", "", Style.TOTAL, "success")
                            .writing("conversation", Confirms.ALL)
                            .by(Set.of("contactId"))),
            Map.entry(
                    "conversations/{}/messages",
                    shape("messages", "message", Style.MESSAGES, "success")
                            .keptIn("conversations/messages")
                            .of("conversationId")),
            Map.entry("conversations/messages", shape("messages", "", Style.TOTAL, "success")),
            Map.entry("opportunities", shape("opportunities", "opportunity", Style.MARKED, "succeded")),
            Map.entry(
                    "opportunities/pipelines",
                    shape("pipelines", "pipeline", Style.BARE, "succeded").fromTheBeginning()),
            Map.entry(
                    "calendars",
                    shape("calendars", "calendar", Style.BARE, "success").fromTheBeginning()),
            Map.entry("calendars/groups", shape("groups", "group", Style.BARE, "success")),
            Map.entry(EVENTS, shape("events", "event", Style.BARE, "succeeded").by(OF_CALENDAR)),
            Map.entry(
                    "calendars/events/appointments",
                    shape("events", "event", Style.BARE, "succeeded")
                            .writing("", Confirms.DELETIONS)
                            .keptIn(EVENTS)),
            Map.entry(BLOCKED, shape("events", "event", Style.BARE, "succeeded").by(OF_CALENDAR)),
            Map.entry(
                    "calendars/events/block-slots",
                    shape("events", "event", Style.BARE, "succeeded")
                            .writing("", Confirms.DELETIONS)
                            .keptIn(BLOCKED)),
            Map.entry(
                    "locations",
                    shape("locations", "location", Style.BARE, "success").fromTheBeginning()),
            Map.entry("locations/{}/customFields", shape("customFields", "customField", Style.BARE, "succeded")),
            Map.entry("locations/{}/customValues", shape("customValues", "customValue", Style.BARE, "succeded")),
            Map.entry("locations/{}/tags", shape("tags", "tag", Style.BARE, "succeded")),
            Map.entry("users", shape("users", "", Style.BARE, "succeded").fromTheBeginning()));

    /** What is known of the collection, else the names that its path suggests. */
    static Shape of(RecordPath path) {
        Shape known = KNOWN.get(path.form());
        return known == null ? shape(path.plural(), path.singular(), Style.COUNTED, "succeded") : known;
    }

    private static Shape shape(String many, String one, Style style, String done) {
        return new Shape(many, one, one, style, done, Confirms.CHANGES, false, "", "", Set.of());
    }

    private Shape writing(String name, Confirms answers) {
        return new Shape(many, one, name, style, done, answers, standing, shelf, parent, narrowedBy);
    }

    private Shape fromTheBeginning() {
        return new Shape(many, one, written, style, done, confirms, true, shelf, parent, narrowedBy);
    }

    private Shape keptIn(String collection) {
        return new Shape(many, one, written, style, done, confirms, standing, collection, parent, narrowedBy);
    }

    private Shape of(String field) {
        return new Shape(many, one, written, style, done, confirms, standing, shelf, field, narrowedBy);
    }

    private Shape by(Set<String> fields) {
        return new Shape(many, one, written, style, done, confirms, standing, shelf, parent, fields);
    }
}
