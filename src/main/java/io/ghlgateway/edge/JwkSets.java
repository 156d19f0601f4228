package io.ghlgateway.edge;

import io.ghlgateway.http.WholeAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Fetches issuers' keys, from the very address that is configured: redirects are not followed. An answer that is not whole in
 * its time is none. Any thread.
 */
public final class JwkSets implements Function<URI, Future<Buffer>> {

    /** Until there is a connection, and once more until the answer is whole. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int LARGEST = 1 << 20;

    private final HttpClientAgent client;
    private final Duration patience;

    public JwkSets(Vertx vertx) {
        this(vertx, PATIENCE);
    }

    JwkSets(Vertx vertx, Duration patience) {
        this.patience = patience;
        client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) patience.toMillis())
                .setVerifyHost(true));
    }

    @Override
    public Future<Buffer> apply(URI url) {
        return client.request(
                        new RequestOptions().setAbsoluteURI(url.toString()).setTimeout(patience.toMillis()))
                .compose(this::exchange);
    }

    private Future<Buffer> exchange(HttpClientRequest request) {
        return request.putHeader("Accept", "application/jwk-set+json, application/json")
                .send()
                .compose(response -> response.statusCode() == 200
                        ? WholeAnswer.read(response, LARGEST)
                        : Future.failedFuture(new IllegalStateException("it answers " + response.statusCode())))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(given -> request.reset()); // up, whatever else would come
    }
}
