package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Calls that nobody counts, made before the first that count. A process that has just started reads its first heads some
 * hundred milliseconds late; it would date them late, and so keep them in its window for longer than any gateway can
 * know. HighLevel is never that young.
 */
final class WarmUp {

    private static final int CALLS = 400;
    /** Enough for what is to be warmed, however long the simulated latency. */
    private static final long MOST_MILLIS = 3_000;

    private static final List<String> TARGETS =
            List.of("GET /contacts/c1", "GET /contacts/?limit=1", "POST /contacts/", "PUT /contacts/c1");

    private final HttpClient client;
    private final String url;
    private final String token;

    private WarmUp(HttpClient client, String url, String token) {
        this.client = client;
        this.url = url;
        this.token = token;
    }

    /** @param token one that the simulator knows */
    static Future<Void> of(Vertx vertx, String url, String token) {
        var client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CALLS));
        return new WarmUp(client, url, token).all().eventually(client::close);
    }

    private Future<Void> all() {
        return Future.join(IntStream.range(0, CALLS)
                        .mapToObj(call -> call(TARGETS.get(call % TARGETS.size())))
                        .toList())
                .transform(done -> call("POST " + ControlDoor.PATHS + "reset"));
    }

    private Future<Void> call(String target) {
        var parts = target.split(" ");
        var request = new RequestOptions()
                .setMethod(HttpMethod.valueOf(parts[0]))
                .setTimeout(MOST_MILLIS)
                .setAbsoluteURI(url + parts[1])
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Version", "2021-07-28")
                .putHeader("Content-Type", "application/json");
        return client.request(request)
                .compose(open -> parts[0].equals("GET") ? open.send() : open.send("{\"firstName\": \"Ada\"}"))
                .compose(answer -> answer.body())
                .mapEmpty();
    }
}
