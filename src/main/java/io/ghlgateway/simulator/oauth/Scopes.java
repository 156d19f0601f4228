package io.ghlgateway.simulator.oauth;

import java.util.List;

/** What an app may do with the accounts that it is installed in. */
public final class Scopes {

    /** What an app gets that asks for none in particular. */
    public static final List<String> USUAL = List.of(
            "contacts.readonly",
            "contacts.write",
            "conversations.readonly",
            "conversations.write",
            "conversations/message.readonly",
            "conversations/message.write",
            "opportunities.readonly",
            "opportunities.write",
            "calendars.readonly",
            "calendars.write",
            "calendars/events.readonly",
            "calendars/events.write",
            "locations.readonly",
            "locations.write",
            "users.readonly",
            "users.write",
            "oauth.readonly",
            "oauth.write");

    private Scopes() {}
}
