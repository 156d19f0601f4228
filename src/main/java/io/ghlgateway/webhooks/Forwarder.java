package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Brings one receiver its events: so many at once, each until it is taken or dead. One that takes nothing any more is asked
 * with a single event now and then, until it takes that: a subscriber that is down costs next to nothing, however much
 * waits for it. What waits for it too long dies without being asked for: it would fill the backlog for all. All of it on
 * one event loop; {@link #wake}, {@link #stop} and {@link #end} from any.
 */
final class Forwarder {

    private static final String TOO_OLD = "subscriber down";

    private static final Duration SETTLE_AGAIN = Duration.ofSeconds(1);

    /** One that comes back is found again this soon. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    /** So many at once are buried of what is too old, and so many times before the subscriber is asked again. */
    private static final int BURIED_AT_ONCE = 50;

    private static final int BURIALS = 20;

    private final Context home;
    private final String name;
    private final Receiver receiver;
    private final EventQueue queue;
    private final Backoff backoff;
    private final int atOnce;
    private final int downAfter;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final WebhookEvents events;
    private final Promise<Void> idle = Promise.promise();
    private int underWay;
    private boolean taking;
    private boolean more;
    private int failures; // one after another
    private Instant restsUntil = Instant.MIN;
    private volatile boolean stopped; // read where settlements end
    private volatile boolean ends; // likewise

    /** @param downAfter so many failures without a success between them it counts as down */
    Forwarder(
            Context home,
            String name,
            Receiver receiver,
            EventQueue queue,
            Backoff backoff,
            int atOnce,
            int downAfter,
            InstantSource clock,
            RandomGenerator random,
            WebhookEvents events) {
        this.home = home;
        this.name = name;
        this.receiver = receiver;
        this.queue = queue;
        this.backoff = backoff;
        this.atOnce = atOnce;
        this.downAfter = downAfter;
        this.clock = clock;
        this.random = random;
        this.events = events;
    }

    /** There may be something to bring. */
    void wake() {
        home.runOnContext(go -> {
            more = true;
            pump();
        });
    }

    /** Takes nothing more; completes when what is under way has ended and the queue knows how. */
    Future<Void> stop() {
        home.runOnContext(go -> {
            stopped = true;
            endIfIdle();
        });
        return idle.future();
    }

    /** As {@link #stop}, and the process ends: what the queue does not take now is brought again after the next start. */
    Future<Void> end() {
        ends = true;
        return stop();
    }

    private void pump() {
        int room = (isDown() ? 1 : atOnce) - underWay;
        if (stopped || taking || !more || room < 1 || clock.instant().isBefore(restsUntil)) {
            return;
        }
        taking = true;
        more = false;
        (isDown() ? buryExpired(BURIALS) : Future.<Void>succeededFuture())
                .compose(buried -> stopped ? Future.succeededFuture(List.<Delivery>of()) : queue.take(name, room))
                .onComplete(taken -> home.runOnContext(back -> {
                    taking = false;
                    if (taken.succeeded() && stopped) {
                        handBack(taken.result());
                    } else if (taken.succeeded()) {
                        start(taken.result(), room);
                    } else {
                        events.queueUnreachable(String.valueOf(taken.cause().getMessage()));
                    }
                    endIfIdle();
                }));
    }

    private Future<Void> buryExpired(int times) {
        return queue.expired(name, backoff.oldest(clock.instant()), BURIED_AT_ONCE)
                .compose(expired -> Future.join(expired.stream()
                                .map(delivery -> {
                                    events.died(name, delivery.event(), delivery.attempt(), TOO_OLD);
                                    return settled(() -> queue.bury(delivery, TOO_OLD));
                                })
                                .toList())
                        .compose(buried -> stopped || times == 1 || expired.isEmpty()
                                ? Future.succeededFuture()
                                : buryExpired(times - 1)));
    }

    private boolean isDown() {
        return failures >= downAfter;
    }

    private void note(boolean taken) {
        boolean wasDown = isDown();
        failures = taken ? 0 : failures + 1;
        if (isDown()) {
            var pause = backoff.pause(failures - downAfter + 1, random);
            restsUntil = clock.instant().plus(pause.compareTo(LONGEST_REST) < 0 ? pause : LONGEST_REST);
        } else {
            restsUntil = Instant.MIN;
        }
        if (isDown() != wasDown) {
            events.isDown(name, isDown());
        }
    }

    private void start(List<Delivery> taken, int room) {
        more |= !taken.isEmpty() && taken.size() >= room / 2; // of what is due again only half the room is asked for
        seeThrough(
                taken,
                delivery -> brought(delivery).compose(end -> {
                    home.runOnContext(back -> note(end.taken()));
                    return settled(end.settlement());
                }));
        pump();
    }

    /** For whoever comes after this: the receiver is gone, or another by now. It is no attempt. */
    private void handBack(List<Delivery> taken) {
        seeThrough(
                taken, delivery -> settled(() -> queue.again(delivery.after(delivery.attempt() - 1), clock.instant())));
    }

    /** @param settles what is done with each; its delivery is under way until that has ended */
    private void seeThrough(List<Delivery> taken, Function<Delivery, Future<Void>> settles) {
        underWay += taken.size();
        taken.forEach(delivery -> settles.apply(delivery)
                .onComplete(ended -> home.runOnContext(back -> {
                    underWay--;
                    more = true;
                    pump();
                    endIfIdle();
                })));
    }

    private void endIfIdle() {
        if (stopped && underWay == 0 && !taking && idle.tryComplete()) {
            receiver.close();
        }
    }

    /** @param settlement what is to be done with the delivery now */
    private record End(boolean taken, Supplier<Future<Void>> settlement) {}

    /** Never fails. */
    private Future<End> brought(Delivery delivery) {
        var event = delivery.event();
        Future<Void> end;
        try {
            end = receiver.bring(delivery);
        } catch (RuntimeException defect) {
            end = Future.failedFuture(defect);
        }
        return end.transform((taken, failure) -> {
            var now = clock.instant();
            if (failure == null) {
                events.delivered(name, event, delivery.attempt(), Duration.between(event.received(), now));
                return Future.succeededFuture(new End(true, () -> queue.done(delivery)));
            }
            var why = failure instanceof Receiver.NotTaken
                    ? failure.getMessage()
                    : failure.getClass().getSimpleName();
            var pause = backoff.pause(delivery.attempt(), random);
            if (backoff.isOver(delivery.since(), now.plus(pause))) {
                events.died(name, event, delivery.attempt(), why);
                return Future.succeededFuture(new End(false, () -> queue.bury(delivery, why)));
            }
            events.retried(name, event, delivery.attempt(), why, pause);
            return Future.succeededFuture(new End(false, () -> queue.again(delivery, now.plus(pause))));
        });
    }

    /**
     * As long as it takes, for else it would be nobody's until the next start. A shared queue may take it for a dead
     * replica's meanwhile; then this does no harm.
     */
    private Future<Void> settled(Supplier<Future<Void>> settlement) {
        return settlement.get().recover(failure -> {
            events.queueUnreachable(String.valueOf(failure.getMessage()));
            return ends
                    ? Future.failedFuture(failure)
                    : home.owner()
                            .timer(SETTLE_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                            .compose(rested -> settled(settlement));
        });
    }
}
