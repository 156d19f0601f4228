package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.App;
import java.time.Duration;
import java.util.Locale;

/**
 * What happens to webhooks and calls for external authentication. Each webhook that came for an app ends in exactly one of
 * {@link #accepted}, {@link #duplicate} and {@link #refused}; each delivery in one of {@link #delivered}, {@link #retried}
 * and {@link #died}. Any thread; must not block or throw. Nothing that comes here holds a body or a secret.
 */
public interface WebhookEvents {

    /** Why a webhook was not taken. */
    enum Refusal {
        UNSIGNED(401),
        /** Signed in the old way only, which is over. */
        OUTDATED(401),
        FORGED(401),
        /** Genuine, and older than HighLevel tries again: somebody sends it a second time. */
        STALE(401),
        /** Genuine, and of another app: anybody may point an app of theirs at this door. */
        OTHER_APP(403),
        TOO_LARGE(413),
        /** It stopped in the middle. */
        INCOMPLETE(400),
        /** No room, or the store does not answer: HighLevel is to try again. */
        UNAVAILABLE(503);

        private final int status;

        Refusal(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        /** As it stands in metrics. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param took from its first byte to the answer */
    default void accepted(Event event, boolean isKnownType, int subscribers, Duration took) {}

    default void duplicate(Event event) {}

    default void refused(App app, Refusal why) {}

    /** @param lag since it was accepted */
    default void delivered(String subscriber, Event event, int attempt, Duration lag) {}

    /** @param why a status or a kind of failure; bounded in number */
    default void retried(String subscriber, Event event, int attempt, String why, Duration pause) {}

    default void died(String subscriber, Event event, int attempt, String why) {}

    /** A subscriber takes nothing any more and is asked only now and then; or, not down, takes something again. */
    default void isDown(String subscriber, boolean down) {}

    /** A dead replica's deliveries are this one's now. */
    default void takenOver(String subscriber, int count) {}

    /** What is kept for a subscriber cannot be read, and was put among its dead letters. */
    default void unreadable(String subscriber) {}

    /** So many dead letters were thrown away, for there are too many. */
    default void dropped(String subscriber, int count) {}

    /** So many webhooks were thrown away that waited for one who has not been a subscriber for a long time. */
    default void abandoned(String name, long count) {}

    /** So many ids were forgotten before their time: what comes of these again is not known to be the same. */
    default void forgotten(int count) {}

    /** The queue cannot be asked; said again and again while it lasts. */
    default void queueUnreachable(String why) {}

    /** What HighLevel asked of an app's external authentication was answered with this status. */
    default void authenticated(App app, String outcome, int status, Duration took) {}

    /** Tells nobody. */
    WebhookEvents NONE = new WebhookEvents() {};
}
