package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Posts to a subscriber, signed. A 2xx means that it has it; redirects are not followed, and what it answers beside the
 * status is not read.
 */
final class HttpReceiver implements Receiver {

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Subscriber subscriber;
    private final StandardSignature signature;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    HttpReceiver(Vertx vertx, Subscriber subscriber, int connections, Duration timeout, InstantSource clock) {
        this.vertx = vertx;
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

    /** The timeout is of all of it, from the wait for a connection to the end of the answer's body. */
    @Override
    public Future<Void> bring(Delivery delivery) {
        var target = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(subscriber.url().toString())
                .setFollowRedirects(false);
        var end = Promise.<Void>promise();
        var attempt = new Attempt();
        long timer = vertx.setTimer(timeout.toMillis(), late -> {
            end.tryFail(new NotTaken("timeout"));
            attempt.giveUp();
        });
        client.request(target)
                .compose(request -> attempt.holds(request) ? post(request, delivery) : Future.failedFuture("late"))
                .onSuccess(response -> {
                    int status = response.statusCode();
                    response.exceptionHandler(told -> {}); // its end tells the same
                    // Its body may end when it likes, within the timeout; the connection is used again then.
                    response.end().onComplete(over -> vertx.cancelTimer(timer));
                    if (status / 100 == 2) {
                        end.tryComplete();
                    } else {
                        end.tryFail(new NotTaken("status " + status));
                    }
                })
                .onFailure(failure -> {
                    vertx.cancelTimer(timer);
                    end.tryFail(new NotTaken("unreachable"));
                });
        return end.future();
    }

    /** The request of an attempt, which may come when nobody waits for it any more. On one event loop. */
    private static final class Attempt {
        private @Nullable HttpClientRequest request;
        private boolean over;

        boolean holds(HttpClientRequest ready) {
            request = ready;
            ready.exceptionHandler(told -> {}); // its futures tell the same; without this it is logged
            if (over) {
                ready.reset();
            }
            return !over;
        }

        void giveUp() {
            over = true;
            if (request != null) {
                request.reset();
            }
        }
    }

    private Future<HttpClientResponse> post(HttpClientRequest request, Delivery delivery) {
        var event = delivery.event();
        var now = clock.instant();
        return request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "ghl-gateway")
                .putHeader("X-GHL-App", event.app().id())
                .putHeader("webhook-id", event.id())
                .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .putHeader("webhook-signature", signature.sign(event.id(), now, event.body()))
                .send(event.body());
    }

    @Override
    public void close() {
        client.close();
    }
}
