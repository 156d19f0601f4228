package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The webhooks that the simulator sends in a stream, and what it counts of them. */
class WebhookStreamTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final WebhookEmitter emitter = new WebhookEmitter(vertx, InstantSource.system(), new Random(7));

    @AfterEach
    void tearDown() {
        Await.result(vertx.close());
    }

    @Test
    void aStreamGoesToTheDoorsThatAreReadyAlone() {
        var shut = new Door(503);
        var open = new Door(200);

        Await.result(obey(new JsonObject()
                .put("to", new JsonArray().add(shut.url("/webhooks")).add(open.url("/webhooks")))
                .put("ready", new JsonArray().add(shut.url("/ready")).add(open.url("/ready")))
                .put("count", 20)
                .put("rate", 1_000)));
        Await.until(() -> !state().getBoolean("running"));

        assertThat(state().getLong("acknowledged")).isEqualTo(20);
        assertThat(state().getLong("acks")).isEqualTo(20);
        assertThat(open.webhooks).hasValue(20);
        assertThat(shut.webhooks).hasValue(0);
    }

    @Test
    void whatIsSentToWarmUpCountsNowhere() {
        var door = new Door(200);

        Await.result(obey(new JsonObject().put("to", door.url("/webhooks")).put("warm-up", 16)));

        assertThat(door.webhooks).hasValue(16);
        assertThat(state().getLong("acks")).isZero();
        assertThat(state().getInteger("genuine")).isZero();
    }

    @Test
    void timesAreToldToATenthOfAMillisecond() {
        var times = new AckTimes();
        assertThat(times.percentile(0.99)).isZero();

        for (int i = 1; i <= 100; i++) {
            times.add(i * 1_000);
        }
        times.add(TimeUnit.MINUTES.toMicros(1));

        assertThat(times.percentile(0.5)).isEqualTo(51);
        assertThat(times.percentile(0.98)).isEqualTo(99);
        assertThat(times.percentile(1)).isEqualTo(20_000);
        assertThat(times.within(50)).isEqualTo(49);
        assertThat(times.count()).isEqualTo(101);
    }

    private Future<JsonObject> obey(JsonObject order) {
        return onTheLoop(() -> emitter.obey(order));
    }

    private JsonObject state() {
        return Await.result(onTheLoop(() -> Future.succeededFuture(emitter.state())));
    }

    private <T> Future<T> onTheLoop(Supplier<Future<T>> task) {
        return Future.future(told -> loop.runOnContext(go -> task.get().onComplete(told)));
    }

    /** Says with this status whether it is ready, and takes webhooks all the same. */
    private final class Door {
        private final AtomicInteger webhooks = new AtomicInteger();
        private final HttpServer server;

        Door(int status) {
            server = Await.result(vertx.createHttpServer()
                    .requestHandler(request -> {
                        if (request.path().equals("/ready")) {
                            request.response().setStatusCode(status).end();
                        } else {
                            webhooks.incrementAndGet();
                            request.response().end();
                        }
                    })
                    .listen(0, "127.0.0.1"));
        }

        String url(String path) {
            return "http://127.0.0.1:" + server.actualPort() + path;
        }
    }
}
