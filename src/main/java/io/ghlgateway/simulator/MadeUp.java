package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Records that nobody created, with the fields that a client would look for first. */
final class MadeUp {

    private MadeUp() {}

    static JsonObject record(String name, String id, String owner) {
        JsonObject record = new JsonObject()
                .put("id", id)
                .put("locationId", owner)
                .put("name", name + " " + id)
                .put("email", id + "@example.com");
        return switch (name) {
            case "contact" ->
                record.put("firstName", name)
                        .put("lastName", id)
                        .put("phone", "+15550100")
                        .put("type", "lead")
                        .put("tags", new JsonArray())
                        .put("customFields", new JsonArray());
            case "conversation" ->
                record.put("contactId", "contact-of-" + id)
                        .put("type", "TYPE_PHONE")
                        .put("inbox", true)
                        .put("unreadCount", 0);
            case "message" ->
                record.put("conversationId", "conversation-of-" + id)
                        .put("messageType", "TYPE_SMS")
                        .put("direction", "outbound")
                        .put("status", "delivered")
                        .put("body", "a message");
            case "opportunity" ->
                record.put("pipelineId", "pipeline1")
                        .put("pipelineStageId", "stage1")
                        .put("contactId", "contact-of-" + id)
                        .put("status", "open")
                        .put("monetaryValue", 100);
            case "pipeline" -> record.put("stages", stages());
            case "calendar" -> record.put("isActive", true).put("slotDuration", 30);
            case "appointment", "event" ->
                record.put("calendarId", "calendar1")
                        .put("contactId", "contact-of-" + id)
                        .put("appointmentStatus", "confirmed");
            case "location" ->
                record.put("companyId", "company1").put("timezone", "UTC").put("country", "US");
            default -> record;
        };
    }

    /** The one that an account has before it has created any. */
    static JsonObject standing(String name, String owner) {
        return record(name, name.equals("location") ? owner : name + "1", owner);
    }

    private static JsonArray stages() {
        return new JsonArray()
                .add(new JsonObject().put("id", "stage1").put("name", "New").put("position", 0))
                .add(new JsonObject().put("id", "stage2").put("name", "Won").put("position", 1));
    }
}
