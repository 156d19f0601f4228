package io.ghlgateway.simulator;

import io.ghlgateway.simulator.RecordStore.Key;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Messages that are sent, or told of by a provider. Each is kept, and belongs to the conversation that it names, else to
 * its contact's, which is opened if there is none.
 */
final class Messages {

    private static final String CONTACT = "contactId";
    private static final String NAMED = "conversationId";

    /** The numbers that go with the most usual names; where there is none here, the record has none. */
    private static final Map<String, Integer> NUMBERS = Map.of("TYPE_CALL", 1, "TYPE_SMS", 2, "TYPE_EMAIL", 3);

    private final RecordStore store;

    Messages(RecordStore store) {
        this.store = store;
    }

    private enum Direction {
        INBOUND,
        OUTBOUND
    }

    Answer send(Errand errand) {
        return keep(errand, Direction.OUTBOUND, Messages::queued);
    }

    Answer inbound(Errand errand) {
        return keep(errand, Direction.INBOUND, Messages::added);
    }

    Answer outbound(Errand errand) {
        return keep(errand, Direction.OUTBOUND, Messages::added);
    }

    private Answer keep(Errand errand, Direction direction, UnaryOperator<JsonObject> told) {
        JsonObject sent = errand.content();
        Optional<JsonObject> conversation = conversation(errand, sent);
        if (conversation.isEmpty()) {
            return errand.voice().missing("conversation", text(sent, NAMED).orElse(""));
        }
        JsonObject message = message(errand, sent, conversation.get(), direction);
        store.keep(errand.shelf("conversations/messages").key(message.getString("id")), message);
        store.keep(errand.shelf("conversations").key(message.getString(NAMED)), after(message, conversation.get()));
        return errand.voice().json(201, told.apply(message));
    }

    private static JsonObject queued(JsonObject message) {
        return new JsonObject()
                .put(NAMED, message.getString(NAMED))
                .put("messageId", message.getString("id"))
                .put("msg", "Message queued successfully.")
                .put("status", "pending");
    }

    private static JsonObject added(JsonObject message) {
        return new JsonObject()
                .put("success", true)
                .put(NAMED, message.getString(NAMED))
                .put("messageId", message.getString("id"))
                .put("message", "Message added successfully.")
                .put(CONTACT, message.getValue(CONTACT))
                .put("dateAdded", message.getString("dateAdded"));
    }

    /** Empty where the one that is named has been deleted. */
    private Optional<JsonObject> conversation(Errand errand, JsonObject sent) {
        RecordStore.Shelf shelf = errand.shelf("conversations");
        Optional<String> named = text(sent, NAMED);
        Optional<String> contact = text(sent, CONTACT);
        if (named.isPresent()) {
            Key key = shelf.key(named.get());
            return store.isDeleted(key)
                    ? Optional.empty()
                    : store.find(key).or(() -> Optional.of(opened(errand, named.get(), contact)));
        }
        return contact.flatMap(id -> store.all(shelf).stream()
                        .filter(known -> id.equals(known.getValue(CONTACT)))
                        .findFirst())
                .or(() -> Optional.of(opened(errand, store.newId(), contact)));
    }

    private static JsonObject opened(Errand errand, String id, Optional<String> contact) {
        JsonObject conversation = MadeUp.record("conversation", id, errand.owner())
                .put("dateAdded", errand.now().toString());
        contact.ifPresent(known -> conversation.put(CONTACT, known));
        return conversation;
    }

    private JsonObject message(Errand errand, JsonObject sent, JsonObject conversation, Direction direction) {
        String type = "TYPE_" + text(sent, "type").orElse("SMS").toUpperCase(Locale.ROOT);
        Optional<String> html = text(sent, "html");
        JsonObject message = new JsonObject()
                .put("id", store.newId())
                .put("messageType", type)
                .put("locationId", errand.owner())
                .put(CONTACT, conversation.getValue(CONTACT))
                .put(NAMED, conversation.getString("id"))
                .put("dateAdded", errand.now().toString())
                .put("body", text(sent, "message").or(() -> html).orElse(""))
                .put("direction", direction.name().toLowerCase(Locale.ROOT))
                .put("status", "delivered")
                .put("contentType", html.isPresent() ? "text/html" : "text/plain")
                .put("attachments", sent.getValue("attachments", new JsonArray()))
                .put("source", "api");
        Optional.ofNullable(NUMBERS.get(type)).ifPresent(number -> message.put("type", number));
        return message;
    }

    private static JsonObject after(JsonObject message, JsonObject conversation) {
        int unread = conversation.getValue("unreadCount") instanceof Number count ? count.intValue() : 0;
        boolean received = "inbound".equals(message.getString("direction"));
        return conversation
                .copy()
                .put("lastMessageBody", message.getString("body"))
                .put("lastMessageType", message.getString("messageType"))
                .put("lastMessageDate", message.getString("dateAdded"))
                .put("unreadCount", received ? unread + 1 : unread)
                .put("dateUpdated", message.getString("dateAdded"));
    }

    private static Optional<String> text(JsonObject json, String field) {
        return json.getValue(field) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }
}
