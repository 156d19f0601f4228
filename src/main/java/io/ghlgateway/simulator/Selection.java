package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which records of a shelf a list shows.
 *
 * @param fields what they must have, as text
 * @param times when they must begin
 */
record Selection(Map<String, String> fields, TimeRange times) {

    static Selection of(Errand errand) {
        Shape shape = errand.shape();
        Map<String, String> fields = new HashMap<>();
        shape.narrowedBy().forEach(field -> {
            String wanted = errand.query().get(field);
            if (wanted != null) {
                fields.put(field, wanted);
            }
        });
        if (!shape.parent().isEmpty()) {
            fields.put(shape.parent(), errand.target().parent());
        }
        return new Selection(fields, TimeRange.of(errand.query(), "startTime", "endTime"));
    }

    List<JsonObject> from(List<JsonObject> records) {
        return records.stream().filter(this::shows).toList();
    }

    private boolean shows(JsonObject record) {
        return fields.entrySet().stream()
                        .allMatch(field -> field.getValue().equals(String.valueOf(record.getValue(field.getKey()))))
                && times.begins(record);
    }
}
