package io.ghlgateway.credentials;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Has a piece of work done once for all who ask for it while it is under way (golang.org/x/sync/singleflight). Any
 * thread; an answer comes on whichever thread the work ends on.
 */
final class SingleFlight<K, V> {

    private final ConcurrentHashMap<K, Future<V>> flights = new ConcurrentHashMap<>();

    /** The work under way for this key, begun now if there is none. {@code work} runs on the calling thread. */
    Future<V> join(K key, Supplier<Future<V>> work) {
        Promise<V> promise = Promise.promise();
        var flying = flights.putIfAbsent(key, promise.future());
        if (flying != null) {
            return flying;
        }
        // Forgotten before anyone hears: who asks upon hearing begins anew.
        run(work).onComplete(ended -> {
            flights.remove(key, promise.future());
            promise.handle(ended);
        });
        return promise.future();
    }

    boolean isUnderWay(K key) {
        return flights.containsKey(key);
    }

    /** Completes when all that is under way now has ended, well or not. */
    Future<Void> settled() {
        return Future.join(List.copyOf(flights.values())).transform(ended -> Future.succeededFuture());
    }

    private static <V> Future<V> run(Supplier<Future<V>> work) {
        try {
            return work.get();
        } catch (RuntimeException defect) {
            return Future.failedFuture(defect);
        }
    }
}
