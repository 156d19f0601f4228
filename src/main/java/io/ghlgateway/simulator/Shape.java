package io.ghlgateway.simulator;

import java.util.Map;

/**
 * Under which names the records of one collection stand in HighLevel's answers.
 *
 * @param many the list
 * @param one a single record; empty where its fields stand at the top
 * @param style how a list says what comes after it
 * @param done what a change or deletion is confirmed with, in HighLevel's three spellings
 * @param standing whether an account has some of them from its beginning, so that a list never is empty
 */
record Shape(String many, String one, Style style, String done, boolean standing) {

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

    /** By the template's collection, parameters unnamed. */
    private static final Map<String, Shape> KNOWN = Map.ofEntries(
            Map.entry("contacts", new Shape("contacts", "contact", Style.MARKED, "succeded", false)),
            Map.entry("contacts/{}/notes", new Shape("notes", "note", Style.BARE, "succeded", false)),
            Map.entry("contacts/{}/tasks", new Shape("tasks", "task", Style.BARE, "succeded", false)),
            Map.entry("contacts/{}/appointments", new Shape("events", "event", Style.BARE, "succeded", false)),
            Map.entry("conversations", new Shape("conversations", "", Style.TOTAL, "success", false)),
            Map.entry("conversations/{}/messages", new Shape("messages", "message", Style.MESSAGES, "success", false)),
            Map.entry("conversations/messages", new Shape("messages", "", Style.TOTAL, "success", false)),
            Map.entry("opportunities", new Shape("opportunities", "opportunity", Style.MARKED, "succeded", false)),
            Map.entry("opportunities/pipelines", new Shape("pipelines", "pipeline", Style.BARE, "succeded", true)),
            Map.entry("calendars", new Shape("calendars", "calendar", Style.BARE, "success", true)),
            Map.entry("calendars/groups", new Shape("groups", "group", Style.BARE, "success", false)),
            Map.entry("calendars/events", new Shape("events", "event", Style.BARE, "succeeded", false)),
            Map.entry("calendars/events/appointments", new Shape("events", "", Style.BARE, "succeeded", false)),
            Map.entry("calendars/blocked-slots", new Shape("events", "", Style.BARE, "succeeded", false)),
            Map.entry("locations", new Shape("locations", "location", Style.BARE, "success", true)),
            Map.entry(
                    "locations/{}/customFields",
                    new Shape("customFields", "customField", Style.BARE, "succeded", false)),
            Map.entry(
                    "locations/{}/customValues",
                    new Shape("customValues", "customValue", Style.BARE, "succeded", false)),
            Map.entry("locations/{}/tags", new Shape("tags", "tag", Style.BARE, "succeded", false)),
            Map.entry("users", new Shape("users", "", Style.BARE, "succeded", true)));

    /** What is known of the collection, else the names that its path suggests. */
    static Shape of(RecordPath path) {
        Shape known = KNOWN.get(path.form());
        return known == null ? new Shape(path.plural(), path.singular(), Style.COUNTED, "succeded", false) : known;
    }
}
