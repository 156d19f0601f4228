package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.App;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what it hears, one line each. */
class NotedWebhookEvents implements WebhookEvents {

    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void accepted(Event event, boolean isKnownType, int subscribers, Duration took) {
        heard.add("accepted " + event.id() + (isKnownType ? "" : " of an unknown type") + " for " + subscribers);
    }

    @Override
    public void duplicate(Event event) {
        heard.add("duplicate " + event.id());
    }

    @Override
    public void refused(App app, Refusal why) {
        heard.add("refused " + why.wire());
    }

    @Override
    public void delivered(String subscriber, Event event, int attempt, Duration lag) {
        heard.add("delivered " + event.id() + " to " + subscriber + " at attempt " + attempt);
    }

    @Override
    public void retried(String subscriber, Event event, int attempt, String why, Duration pause) {
        heard.add("retried " + event.id() + " at " + subscriber + ": " + why);
    }

    @Override
    public void died(String subscriber, Event event, int attempt, String why) {
        heard.add("died " + event.id() + " at " + subscriber + ": " + why);
    }

    @Override
    public void isDown(String subscriber, boolean down) {
        heard.add(subscriber + (down ? " is down" : " is back"));
    }

    @Override
    public void takenOver(String subscriber, int count) {
        heard.add("took over " + count);
    }

    @Override
    public void unreadable(String subscriber) {
        heard.add("unreadable for " + subscriber);
    }

    @Override
    public void forgotten(int count) {
        heard.add("forgot " + count);
    }

    @Override
    public void dropped(String subscriber, int count) {
        heard.add("dropped " + count);
    }

    @Override
    public void abandoned(String name, long count) {
        heard.add("abandoned " + count + " of " + name);
    }

    @Override
    public void queueUnreachable(String why) {
        heard.add("unreachable");
    }

    @Override
    public void authenticated(App app, String outcome, int status, Duration took) {
        heard.add("authenticated " + outcome + " " + status);
    }
}
