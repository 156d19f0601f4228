package io.ghlgateway.webhooks;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where events are kept until each of their subscribers has them: in a Redis that all replicas share, or in a file of this
 * one. What {@link #offer} confirmed outlives {@code kill -9}. Each subscriber has a line of its own, so that one that is
 * down holds up nobody else.
 *
 * <p>What was taken is this replica's until it is settled by exactly one of {@link #done}, {@link #again} and {@link
 * #bury}; settling what another replica has taken over meanwhile does no harm. Any thread may call; futures complete on
 * any thread and fail where the store did not answer: then it was done or not, and doing it again is harmless. Never
 * throws.
 */
public interface EventQueue {

    /** For how long an event's id is remembered: longer than HighLevel tries again. */
    Duration REMEMBERED = Duration.ofDays(7);

    /** How many dead letters of a subscriber are kept; beyond it the oldest go. */
    int MOST_DEAD = 10_000;

    /** What became of an event that was offered. */
    enum Offer {
        TAKEN,
        /** It was taken before. */
        DUPLICATE,
        /** There is no room, and it is neither kept nor remembered. */
        FULL
    }

    /** Keeps an event for these subscribers, unless it was kept before; also for none, and then it is remembered only. */
    Future<Offer> offer(Event event, Collection<String> subscribers);

    /** What is due for a subscriber and nobody else's; what a dead replica had is due again after a while. */
    Future<List<Delivery>> take(String subscriber, int most);

    /**
     * What waits for a subscriber since before then, the oldest first, due or not: to be buried.
     *
     * @return each with how many attempts were made, as far as is known
     */
    Future<List<Delivery>> expired(String subscriber, Instant before, int most);

    Future<Void> done(Delivery delivery);

    /** It is due again at this time, for any replica. */
    Future<Void> again(Delivery delivery, Instant due);

    /**
     * Makes it a dead letter.
     *
     * @param why for the operator; holds nothing of the event
     */
    Future<Void> bury(Delivery delivery, String why);

    /** Dead letters, the oldest first. */
    Future<List<DeadLetter>> dead(String subscriber, int from, int most);

    /**
     * Has dead letters delivered as if they had just come: they have all their time again.
     *
     * @param id of the event, whichever app's; empty: all that are there
     * @return how many there were
     */
    Future<Integer> replay(String subscriber, Optional<String> id);

    Future<Standing> standing(String subscriber);

    /** For whom something is kept, or may be, and nothing has been since then. */
    Future<Set<String>> names(Instant before);

    /** Drops all that is kept for a subscriber. */
    Future<Void> forget(String subscriber);

    Future<Void> close();

    /**
     * An event on its way to one subscriber.
     *
     * @param entry the queue's own name for it
     * @param attempt 1 the first time; after a replica's death it may begin anew
     * @param since when it was accepted or, if it was a dead letter, replayed
     */
    record Delivery(String subscriber, String entry, int attempt, Instant since, Event event) {

        /** The same with another number of attempts. */
        Delivery after(int attempts) {
            return new Delivery(subscriber, entry, attempts, since, event);
        }
    }

    /** An event that a subscriber did not take; one that cannot be read stands under an app that there is not. */
    record DeadLetter(Event event, int attempts, Instant buried, String why) {}

    /**
     * How a subscriber's line stands.
     *
     * @param waiting what is not delivered yet, dead letters apart
     * @param oldest when the first of those was accepted
     */
    record Standing(long waiting, long dead, Optional<Instant> oldest) {}
}
