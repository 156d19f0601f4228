package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Brings replies to their callers: after a while, in part, or not at all. */
final class Delivery {

    private final Vertx vertx;
    private final Latency latency;
    private final RandomGenerator random;

    Delivery(Vertx vertx, Latency latency, RandomGenerator random) {
        this.vertx = vertx;
        this.latency = latency;
        this.random = random;
    }

    /** How long a call takes that nothing happens to; another time with each question. */
    Duration usual() {
        return latency.sample(random);
    }

    Future<Void> pause(Duration duration) {
        long millis = duration.plusNanos(500_000).toMillis();
        return millis == 0
                ? Future.succeededFuture()
                : vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
    }

    /** As long after the call as most answers come. */
    void reply(Visit visit, Reply reply) {
        reply(visit, usual(), reply);
    }

    void reply(Visit visit, Duration delay, Reply reply) {
        send(visit, Future.all(visit.body(), pause(delay)).map(reply));
    }

    void send(Visit visit, Future<Reply> reply) {
        reply.recover(defect -> Future.succeededFuture(visit.refusal(500, String.valueOf(defect))))
                .compose(ready -> ready.sendTo(visit.request().response()))
                // Either the caller has gone, and nobody is there to be told, or the answer broke off and must not
                // look whole.
                .onFailure(broken -> visit.hangUp());
    }

    /** Head and half the body, then nothing more. */
    void sendHalf(Visit visit, Future<Reply> reply) {
        reply.compose(ready -> ready.sendHalfTo(visit.request().response())).onComplete(sent -> visit.hangUp());
    }

    /** Not one byte. */
    void drop(Visit visit, Duration delay) {
        pause(delay).onSuccess(due -> visit.hangUp());
    }
}
