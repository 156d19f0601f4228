package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Calls that nobody counts, made before the first that count. A process that has just started reads its first heads some
 * hundred milliseconds late; it would date them late, and so keep them in its window for longer than any gateway can
 * know. HighLevel is never that young.
 */
final class WarmUp {

    private static final int CALLS = 400;
    private static final String TOKEN = "pit-warm-up";
    /** Enough for what is to be warmed, on any machine. */
    private static final long MOST_MILLIS = 3_000;

    private static final List<String> TARGETS =
            List.of("GET /contacts/c1", "GET /contacts/?limit=1", "POST /contacts/", "PUT /contacts/c1");

    private final HttpClient client;
    private final String url;

    private WarmUp(HttpClient client, String url) {
        this.client = client;
        this.url = url;
    }

    /** A simulator that takes the same ways through the code, on a free port of this machine, with room for the calls. */
    static SimulatorOptions like(SimulatorOptions options) {
        return SimulatorOptions.builder()
                .window(options.window())
                .limit(CALLS, Duration.ofSeconds(10))
                .latency(Latency.none())
                .build();
    }

    /** @param url of such a simulator */
    static Future<Void> of(Vertx vertx, String url) {
        var client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CALLS));
        return new WarmUp(client, url).all().eventually(client::close);
    }

    private Future<Void> all() {
        return Future.join(IntStream.range(0, CALLS)
                        .mapToObj(call -> call(TARGETS.get(call % TARGETS.size())))
                        .toList())
                .transform(done -> Future.succeededFuture());
    }

    private Future<Void> call(String target) {
        var parts = target.split(" ");
        var request = new RequestOptions()
                .setMethod(HttpMethod.valueOf(parts[0]))
                .setTimeout(MOST_MILLIS)
                .setAbsoluteURI(url + parts[1])
                .putHeader("Authorization", "Bearer " + TOKEN)
                .putHeader("Version", "2021-07-28")
                .putHeader("Content-Type", "application/json");
        return client.request(request)
                .compose(open -> parts[0].equals("GET") ? open.send() : open.send("{\"firstName\": \"Ada\"}"))
                .compose(answer -> answer.body())
                .mapEmpty();
    }
}
