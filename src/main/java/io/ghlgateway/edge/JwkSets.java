package io.ghlgateway.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/** Fetches issuers' keys, from the very address that is configured: redirects are not followed. Any thread. */
public final class JwkSets implements Function<URI, Future<Buffer>> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGEST = 1 << 20;

    private final HttpClientAgent client;

    public JwkSets(Vertx vertx) {
        client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) PATIENCE.toMillis())
                .setVerifyHost(true));
    }

    @Override
    public Future<Buffer> apply(URI url) {
        return client.request(
                        new RequestOptions().setAbsoluteURI(url.toString()).setTimeout(PATIENCE.toMillis()))
                .compose(request -> request.putHeader("Accept", "application/jwk-set+json, application/json")
                        .idleTimeout(PATIENCE.toMillis())
                        .send())
                .compose(response -> response.statusCode() == 200
                        ? whole(response)
                        : Future.failedFuture(new IllegalStateException("it answers " + response.statusCode())));
    }

    private static Future<Buffer> whole(HttpClientResponse response) {
        var all = Buffer.buffer();
        var done = Promise.<Buffer>promise();
        response.handler(part -> {
            all.appendBuffer(part);
            if (all.length() > LARGEST) {
                response.request().reset();
                done.tryFail("its answer is larger than " + LARGEST + " bytes");
            }
        });
        response.exceptionHandler(done::tryFail);
        response.endHandler(ended -> done.tryComplete(all));
        return done.future();
    }
}
