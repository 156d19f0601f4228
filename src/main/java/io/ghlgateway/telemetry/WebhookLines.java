package io.ghlgateway.telemetry;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.webhooks.Event;
import io.ghlgateway.webhooks.WebhookEvents.Refusal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The access log's lines about webhooks: what came, and what went to subscribers. */
final class WebhookLines {

    private static final Logger ACCESS = LoggerFactory.getLogger("access");

    private WebhookLines() {}

    static void accepted(Event event, int subscribers, Duration took) {
        line("accepted", event)
                .addKeyValue(
                        "resource", event.resource().map(Resource::toString).orElse("-"))
                .addKeyValue("subscribers", subscribers)
                .addKeyValue("ack_ms", took.toMillis())
                .log("");
    }

    static void duplicate(Event event) {
        line("duplicate", event).log("");
    }

    static void refused(App app, Refusal why) {
        ACCESS.atInfo()
                .addKeyValue("webhook", "refused")
                .addKeyValue("app", app)
                .addKeyValue("cause", why.wire())
                .addKeyValue("status", why.status())
                .log("");
    }

    static void delivered(String subscriber, Event event, int attempt, Duration since) {
        line("delivered", event)
                .addKeyValue("subscriber", subscriber)
                .addKeyValue("attempt", attempt)
                .addKeyValue("lag_ms", since.toMillis())
                .log("");
    }

    static void retried(String subscriber, Event event, int attempt, String why, Duration pause) {
        line("retried", event)
                .addKeyValue("subscriber", subscriber)
                .addKeyValue("attempt", attempt)
                .addKeyValue("cause", why)
                .addKeyValue("pause_ms", pause.toMillis())
                .log("");
    }

    static void authenticated(App app, String outcome, int status, Duration took) {
        ACCESS.atInfo()
                .addKeyValue("external_auth", outcome)
                .addKeyValue("app", app)
                .addKeyValue("status", status)
                .addKeyValue("total_ms", took.toMillis())
                .log("");
    }

    private static LoggingEventBuilder line(String webhook, Event event) {
        return ACCESS.atInfo()
                .addKeyValue("webhook", webhook)
                .addKeyValue("app", event.app())
                .addKeyValue("type", event.type())
                .addKeyValue("id", event.id());
    }
}
