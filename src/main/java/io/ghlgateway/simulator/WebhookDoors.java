package io.ghlgateway.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The doors of several replicas, as behind a load balancer: a webhook goes to any of those that say they are ready. Owned by
 * the simulator's event loop.
 */
final class WebhookDoors {

    private static final Duration ASK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final HttpClient client;
    private final List<String> doors;
    private final List<String> probes;
    private final RandomGenerator random;
    private final Set<Integer> ready = new TreeSet<>();
    private long timer = -1;

    /** @param probes the addresses that say so with a 200, one for each door; none: all are ready at all times */
    WebhookDoors(Vertx vertx, HttpClient client, List<String> doors, List<String> probes, RandomGenerator random) {
        if (!probes.isEmpty() && probes.size() != doors.size()) {
            throw new IllegalArgumentException("expected as many of \"ready\" as of \"to\"");
        }
        this.vertx = vertx;
        this.client = client;
        this.doors = doors;
        this.probes = probes;
        this.random = random;
    }

    void open() {
        if (probes.isEmpty()) {
            each().forEach(ready::add);
        } else {
            timer = vertx.setPeriodic(0, ASK_EVERY.toMillis(), tick -> each().forEach(this::ask));
        }
    }

    private IntStream each() {
        return IntStream.range(0, doors.size());
    }

    private void ask(int door) {
        var probe = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(probes.get(door))
                .setTimeout(PATIENCE.toMillis());
        client.request(probe)
                .compose(request -> request.send())
                .compose(answer -> answer.end().map(answer.statusCode()))
                .onComplete(answer -> {
                    if (answer.succeeded() && answer.result() == 200) {
                        ready.add(door);
                    } else {
                        ready.remove(door);
                    }
                });
    }

    /** Empty where none is ready. */
    Optional<String> any() {
        return ready.stream()
                .skip(ready.isEmpty() ? 0 : random.nextInt(ready.size()))
                .findFirst()
                .map(doors::get);
    }

    void close() {
        vertx.cancelTimer(timer);
    }
}
