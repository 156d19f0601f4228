package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;

/**
 * Posts to a subscriber, signed. A 2xx means that it has it; redirects are not followed, and what it answers beside the
 * status is not read.
 */
final class HttpReceiver implements Receiver, AutoCloseable {

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Subscriber subscriber;
    private final StandardSignature signature;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    HttpReceiver(Vertx vertx, Subscriber subscriber, int connections, Duration timeout, InstantSource clock) {
        this.subscriber = subscriber;
        this.signature = new StandardSignature(subscriber.secret());
        this.timeout = timeout;
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setKeepAliveTimeout((int) IDLE.toSeconds()),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    @Override
    public Future<Void> bring(Delivery delivery) {
        var target = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(subscriber.url().toString())
                .setFollowRedirects(false)
                .setTimeout(timeout.toMillis());
        return client.request(target)
                .compose(request -> post(request, delivery))
                .recover(failure -> Future.failedFuture(
                        failure instanceof NotTaken
                                ? failure
                                : new NotTaken(isTimeout(failure) ? "timeout" : "unreachable")));
    }

    private Future<Void> post(HttpClientRequest request, Delivery delivery) {
        var event = delivery.event();
        var now = clock.instant();
        request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "ghl-gateway")
                .putHeader("X-GHL-App", event.app().id())
                .putHeader("webhook-id", event.id())
                .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .putHeader("webhook-signature", signature.sign(event.id(), now, event.body()));
        return request.send(event.body()).compose(response -> {
            // Its body may end when it likes, within the timeout; the connection is used again then.
            response.end().onFailure(cut -> {});
            int status = response.statusCode();
            return status / 100 == 2 ? Future.succeededFuture() : Future.failedFuture(new NotTaken("status " + status));
        });
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException;
    }

    @Override
    public void close() {
        client.close();
    }
}
