package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Sends webhooks as HighLevel does, signed with keys of its own: a single one, or a stream of every type with duplicates,
 * late ones and forgeries among them. What is not answered with a 2xx is sent again until it is. Owned by the simulator's
 * event loop.
 */
final class WebhookEmitter {

    private static final int CONNECTIONS = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);
    private static final int LATEST_MILLIS = 2_000;
    private static final int TICK_MILLIS = 10;
    private static final int WARM_UP_AT_ONCE = 8;
    private static final long CATCH_UP = 3; // times the rate

    private final Vertx vertx;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final WebhookSigner signer = new WebhookSigner();
    private final SampleEvents samples;
    private final HttpClient client;
    private final Set<String> genuine = new HashSet<>();
    private final AckTimes acks = new AckTimes();
    private long acknowledged;
    private long again;
    private long refusedGenuine;
    private long duplicates;
    private long forged;
    private long forgedTaken;
    private long underWay;
    private boolean running;

    WebhookEmitter(Vertx vertx, InstantSource clock, RandomGenerator random) {
        this.vertx = vertx;
        this.clock = clock;
        this.random = random;
        this.samples = new SampleEvents(random);
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    List<String> publicKeys() {
        return signer.publicKeys();
    }

    /** Whether such an event was sent and not forged. */
    boolean isGenuine(String id) {
        return genuine.contains(id);
    }

    int genuineCount() {
        return genuine.size();
    }

    JsonObject state() {
        return new JsonObject()
                .put("keys", new JsonArray(publicKeys()))
                .put("types", new JsonArray(samples.types()))
                .put("running", running || underWay > 0)
                .put("genuine", genuine.size())
                .put("acknowledged", acknowledged)
                .put("sentAgain", again)
                .put("refusedGenuine", refusedGenuine)
                .put("duplicates", duplicates)
                .put("forged", forged)
                .put("forgedTaken", forgedTaken)
                .put("acks", acks.count())
                .put("acksWithin50Millis", acks.within(50))
                .put("ackP50Millis", acks.percentile(0.50))
                .put("ackP99Millis", acks.percentile(0.99))
                .put("ackMaxMillis", acks.percentile(1.0));
    }

    /**
     * Obeys an order:
     *
     * <ul>
     *   <li>{@code {"to": URL, "event": {…}, "signed": "ed25519" | "rsa" | "forged"}} sends one, once, and gives the status
     *       of its answer; an id and a time are added where they are missing;
     *   <li>{@code {"to": [URL, …], "count": n, "rate": n, "locations": […], "duplicates": share, "forged": share, "late":
     *       share, "ready": [URL, …]}} begins a stream of so many, so many a second; with {@code ready} to those doors whose
     *       address there answers with 200;
     *   <li>{@code {"to": URL, "warm-up": n}} sends so many that count nowhere, whatever is answered: HighLevel is never
     *       as young as a simulator that has just started.
     * </ul>
     *
     * <p>A wrong order fails with an {@link IllegalArgumentException}.
     */
    Future<JsonObject> obey(JsonObject order) {
        if (order.getValue("event") instanceof JsonObject event && order.getValue("to") instanceof String to) {
            return once(to, SampleEvents.completed(event, clock.instant()), order.getString("signed", "ed25519"));
        }
        if (order.getValue("to") instanceof String to && order.getValue("warm-up") instanceof Integer count) {
            return Future.join(IntStream.range(0, WARM_UP_AT_ONCE)
                            .mapToObj(i -> warmUp(to, count / WARM_UP_AT_ONCE))
                            .toList())
                    .map(done -> new JsonObject().put("warm-up", count));
        }
        if (order.getValue("to") instanceof JsonArray to
                && !to.isEmpty()
                && order.getValue("count") instanceof Integer) {
            var stream = new Stream(
                    new WebhookDoors(
                            vertx, client, texts(to), texts(order.getJsonArray("ready", new JsonArray())), random),
                    order.getInteger("rate", 100),
                    order.getJsonArray("locations", new JsonArray().add("loc1")).stream()
                            .map(String::valueOf)
                            .toList(),
                    order.getDouble("duplicates", 0.0),
                    order.getDouble("forged", 0.0),
                    order.getDouble("late", 0.0));
            running = true;
            stream.go(order.getInteger("count"));
            return Future.succeededFuture(state());
        }
        return Future.failedFuture(new IllegalArgumentException(
                "expected {\"to\": URL, \"event\": {…}} or {\"to\": [URL, …], \"count\": n}"));
    }

    private Future<JsonObject> once(String to, JsonObject event, String signed) {
        Buffer body = event.toBuffer();
        MultiMap headers = switch (signed) {
            case "rsa" -> signer.signOld(body);
            case "forged" -> signer.forge(body, random);
            default -> signer.sign(body);
        };
        if (!signed.equals("forged")) {
            genuine.add(event.getString("webhookId"));
        }
        return post(to, body, headers)
                .map(status -> new JsonObject().put("status", status).put("webhookId", event.getString("webhookId")));
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }

    private Future<Void> warmUp(String to, int count) {
        if (count <= 0) {
            return Future.succeededFuture();
        }
        Buffer body = samples.any("loc1", clock.instant()).toBuffer();
        return post(to, body, signer.sign(body)).transform(answer -> warmUp(to, count - 1));
    }

    private Future<Integer> post(String url, Buffer body, MultiMap headers) {
        RequestOptions target = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                .setTimeout(TIMEOUT.toMillis());
        return client.request(target)
                .compose(request -> {
                    request.headers().addAll(headers);
                    return request.putHeader("Content-Type", "application/json").send(body);
                })
                .compose(response -> response.end().map(response.statusCode()));
    }

    private record Sending(Buffer body, MultiMap headers, boolean isForged) {}

    /** So many webhooks, each to one of several doors, whichever. */
    private final class Stream {
        private final WebhookDoors doors;
        private final int rate;
        private final List<String> locations;
        private final double twice;
        private final double lies;
        private final double late;
        private long sent;
        private Instant began = Instant.EPOCH;

        Stream(WebhookDoors doors, int rate, List<String> locations, double twice, double lies, double late) {
            this.doors = doors;
            this.rate = rate;
            this.locations = locations;
            this.twice = twice;
            this.lies = lies;
            this.late = late;
        }

        void go(int count) {
            began = clock.instant();
            doors.open();
            vertx.setPeriodic(TICK_MILLIS, timer -> {
                long due =
                        Math.min(count, Duration.between(began, clock.instant()).toMillis() * rate / 1000);
                // What a stall left behind is made up for a little at a time, so as not to stall again.
                long most = sent + 1 + CATCH_UP * TICK_MILLIS * rate / 1000;
                for (; sent < Math.min(due, most); sent++) {
                    next();
                }
                if (sent >= count) {
                    vertx.cancelTimer(timer);
                    running = false;
                }
            });
        }

        private void next() {
            JsonObject event = samples.any(locations.get(random.nextInt(locations.size())), clock.instant());
            Buffer body = event.toBuffer();
            genuine.add(event.getString("webhookId"));
            Sending sending = new Sending(body, signer.sign(body), false);
            send(sending, random.nextDouble() < late ? 1 + random.nextInt(LATEST_MILLIS) : 0, true);
            if (random.nextDouble() < twice) {
                duplicates++;
                send(sending, 1 + random.nextInt(LATEST_MILLIS), false);
            }
            if (random.nextDouble() < lies) {
                forged++;
                Buffer lie = samples.any(locations.get(0), clock.instant()).toBuffer();
                send(new Sending(lie, signer.forge(lie, random), true), 0, false);
            }
        }

        private void send(Sending sending, int millis, boolean counts) {
            underWay++;
            Runnable now = () -> attempt(sending, counts);
            if (millis == 0) {
                now.run();
            } else {
                vertx.setTimer(millis, timer -> now.run());
            }
        }

        private void attempt(Sending sending, boolean counts) {
            doors.any()
                    .ifPresentOrElse(
                            door -> attempt(door, sending, counts), () -> later(() -> attempt(sending, counts)));
        }

        private void later(Runnable attempt) {
            vertx.setTimer(RETRY_AFTER.toMillis(), timer -> attempt.run());
        }

        private void attempt(String door, Sending sending, boolean counts) {
            long start = System.nanoTime();
            post(door, sending.body(), sending.headers()).onComplete(answer -> {
                boolean taken = answer.succeeded() && answer.result() / 100 == 2;
                if (sending.isForged()) {
                    underWay--;
                    forgedTaken += taken ? 1 : 0;
                } else if (taken) {
                    underWay--;
                    acknowledged += counts ? 1 : 0;
                    acks.add((System.nanoTime() - start) / 1000);
                } else {
                    refusedGenuine += answer.succeeded() && answer.result() == 401 ? 1 : 0;
                    again++;
                    later(() -> attempt(sending, counts));
                }
                if (!running && underWay == 0) {
                    doors.close();
                }
            });
        }
    }
}
