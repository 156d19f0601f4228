package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What this replica has brought and Redis has not heard of yet, as while it stalls: it is nobody's to bring again, though it
 * was in hand for as long as a dead replica's. Who stops trying to settle one leaves it to whoever claims it. Any thread.
 */
final class RedisSettlements {

    private final Map<String, Instant> tried = new ConcurrentHashMap<>();
    private final Duration inHand;
    private final InstantSource clock;

    /** @param inHand what was last tried this long ago is tried no more */
    RedisSettlements(Duration inHand, InstantSource clock) {
        this.inHand = inHand;
        this.clock = clock;
    }

    Future<Void> tried(Delivery delivery, Supplier<Future<Void>> settlement) {
        var key = key(delivery);
        tried.put(key, clock.instant());
        return settlement.get().onSuccess(settled -> tried.remove(key));
    }

    boolean goesOn(Delivery delivery) {
        var over = clock.instant().minus(inHand);
        tried.values().removeIf(at -> !at.isAfter(over));
        return tried.containsKey(key(delivery));
    }

    private static String key(Delivery delivery) {
        return delivery.entry() + " " + delivery.subscriber();
    }
}
