package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations, and the messages in them. */
class SimulatorMessagesTest {

    private static final String MESSAGES = "/conversations/messages";

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(
            prompt().tokens(Map.of(TOKEN, Account.parse("locA"))).build());

    @Test
    void opensAConversationInAnEnvelopeAndReadsItFlat() {
        JsonObject opened = post("/conversations/", "{\"locationId\":\"locA\",\"contactId\":\"c1\"}");

        String id = opened.getJsonObject("conversation").getString("id");
        assertThat(opened.getBoolean("success")).isTrue();
        assertThat(get("/conversations/" + id).getString("contactId")).isEqualTo("c1");
    }

    @Test
    void keepsAMessageInTheConversationOfItsContact() {
        String conversation = post("/conversations/", "{\"contactId\":\"c1\"}")
                .getJsonObject("conversation")
                .getString("id");

        JsonObject sent = post(MESSAGES, "{\"type\":\"SMS\",\"contactId\":\"c1\",\"message\":\"Hello\"}");
        post(MESSAGES, "{\"type\":\"SMS\",\"contactId\":\"c2\",\"message\":\"to another\"}");

        assertThat(sent.getString("conversationId")).isEqualTo(conversation);
        JsonArray listed = messages(conversation);
        assertThat(listed).hasSize(1);
        JsonObject message = listed.getJsonObject(0);
        assertThat(message.getString("id")).isEqualTo(sent.getString("messageId"));
        assertThat(message.getString("body")).isEqualTo("Hello");
        assertThat(message.getString("messageType")).isEqualTo("TYPE_SMS");
        assertThat(message.getString("direction")).isEqualTo("outbound");
        JsonObject read = get(MESSAGES + "/" + sent.getString("messageId"));
        read.remove("traceId");
        assertThat(read).isEqualTo(message);
    }

    @Test
    void opensAConversationForAContactThatHasNone() {
        JsonObject first = post(MESSAGES, "{\"type\":\"Email\",\"contactId\":\"c1\",\"html\":\"<b>Hello</b>\"}");
        JsonObject second = post(MESSAGES, "{\"type\":\"SMS\",\"contactId\":\"c1\",\"message\":\"Again\"}");

        JsonArray found =
                get("/conversations/search?locationId=locA&contactId=c1").getJsonArray("conversations");
        assertThat(second.getString("conversationId")).isEqualTo(first.getString("conversationId"));
        assertThat(found).hasSize(1);
        assertThat(found.getJsonObject(0).getString("id")).isEqualTo(first.getString("conversationId"));
        assertThat(found.getJsonObject(0).getString("lastMessageBody")).isEqualTo("Again");
    }

    @ParameterizedTest
    @CsvSource({"inbound, 1", "outbound, 0"})
    void addsAMessageThatAProviderTellsOf(String direction, int unread) {
        JsonObject added = post(
                MESSAGES + "/" + direction,
                "{\"type\":\"SMS\",\"conversationId\":\"v1\",\"contactId\":\"c1\",\"message\":\"Hi\"}");

        assertThat(added.getBoolean("success")).isTrue();
        assertThat(added.getString("conversationId")).isEqualTo("v1");
        assertThat(messages("v1").getJsonObject(0).getString("direction")).isEqualTo(direction);
        assertThat(get("/conversations/v1").getInteger("unreadCount")).isEqualTo(unread);
    }

    @ParameterizedTest
    @CsvSource({"''", "/inbound"})
    void takesNoMessageForAConversationThatIsDeleted(String kind) {
        upstream.send("DELETE", "/conversations/v1", "");

        HttpResponse<String> refused =
                upstream.send("POST", MESSAGES + kind, "{\"type\":\"SMS\",\"conversationId\":\"v1\"}");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("conversation with id v1 not found");
    }

    private JsonArray messages(String conversation) {
        return get("/conversations/" + conversation + "/messages")
                .getJsonObject("messages")
                .getJsonArray("messages");
    }

    private JsonObject get(String path) {
        HttpResponse<String> answer = upstream.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private JsonObject post(String path, String body) {
        HttpResponse<String> answer = upstream.send("POST", path, body);
        assertThat(answer.statusCode()).isEqualTo(201);
        return new JsonObject(answer.body());
    }
}
