package io.ghlgateway.highlevel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The types of webhook that HighLevel documents, and where each says whose it is. New ones appear: one that is not in here
 * is as good as any other. Immutable; any thread.
 */
public final class EventCatalogue {

    private static final String RESOURCE = "webhook-events.tsv";
    private static final String HEADING = "#type\tpage\ttenant";
    /** Where an unknown type most likely says whose it is. */
    private static final List<String> USUAL = List.of("locationId", "companyId");

    private final Map<String, List<String>> tenantFields;

    private EventCatalogue(Map<String, List<String>> tenantFields) {
        this.tenantFields = tenantFields;
    }

    /**
     * Reads the catalogue that ships with the gateway; blocks, so once at start.
     *
     * @throws IllegalStateException if it is missing or malformed, naming the line
     */
    public static EventCatalogue load() {
        return read(Shipped.text(RESOURCE).lines().toList());
    }

    static EventCatalogue read(List<String> lines) {
        if (lines.isEmpty() || !lines.get(0).equals(HEADING)) {
            throw new IllegalStateException(RESOURCE + ", line 1: not the heading of a catalogue of events");
        }
        var fields = new LinkedHashMap<String, List<String>>();
        for (int i = 1; i < lines.size(); i++) {
            var cells = lines.get(i).split("\t", -1);
            if (cells.length != 3
                    || Arrays.stream(cells).anyMatch(String::isBlank)
                    || fields.putIfAbsent(cells[0], List.of(cells[2].split(","))) != null) {
                throw new IllegalStateException(
                        RESOURCE + ", line " + (i + 1) + ": expected a new type, its page and its fields");
            }
        }
        return new EventCatalogue(fields);
    }

    /** In the order of the documentation. */
    public List<String> types() {
        return new ArrayList<>(tenantFields.keySet());
    }

    public boolean knows(String type) {
        return tenantFields.containsKey(type);
    }

    /**
     * The fields that may name the location or company, the first that is there counts: {@code companyId} a company, any
     * other a location.
     */
    List<String> tenantFields(String type) {
        return tenantFields.getOrDefault(type, USUAL);
    }

    /** Those that say what becomes of installations. */
    public static Set<String> lifecycle() {
        return Set.of(
                "INSTALL",
                "UNINSTALL",
                "LocationCreate",
                "LocationUpdate",
                "PLAN_CHANGE",
                "AppUpdate",
                "EXTERNAL_AUTH_CONNECTED");
    }
}
