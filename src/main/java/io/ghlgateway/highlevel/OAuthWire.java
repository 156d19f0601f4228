package io.ghlgateway.highlevel;

import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.http.Cut;
import io.ghlgateway.http.WholeAnswer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request, one answer, on a connection made for them: nothing is repeated, redirected, decompressed or kept. All of it
 * lives on an event loop of its own choice, so that callers may come from any thread and {@link Turns} needs no lock.
 */
final class OAuthWire {

    /** Larger answers than this are none of HighLevel's token endpoint. */
    private static final int LARGEST_BODY = 256 * 1024;

    private final ContextInternal loop;
    private final HttpClient client;
    private final Turns turns;
    private final HttpOAuthApi.Bounds bounds;

    OAuthWire(Vertx vertx, HttpOAuthApi.Bounds bounds, Optional<Path> ca) {
        this.loop = ((VertxInternal) vertx).createEventLoopContext();
        this.bounds = bounds;
        this.turns = new Turns(vertx, bounds.atOnce(), bounds.turn());
        var options = new HttpClientOptions()
                .setKeepAlive(false)
                .setPipelining(false)
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setConnectTimeout((int) bounds.timeout().toMillis());
        ca.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(bounds.atOnce()));
    }

    /** @return the whole answer, whatever its status; fails with {@link Unanswered} */
    Future<OAuthReply> send(RequestOptions request, Buffer body) {
        var promise = Promise.<OAuthReply>promise();
        loop.runOnContext(go -> turns.take().onComplete(turn -> {
            if (turn.failed()) {
                promise.fail(Unanswered.unsent("the calls before this one took all of " + TimeWords.of(bounds.turn())));
                return;
            }
            new Attempt()
                    .start(request, body)
                    .onComplete(end -> turns.giveBack())
                    .onComplete(promise);
        }));
        return promise.future();
    }

    Future<Void> close() {
        return client.close();
    }

    /** One exchange, cut when its time is over. */
    private final class Attempt {

        private @Nullable HttpClientRequest http;
        private boolean over;
        private boolean sent;

        Future<OAuthReply> start(RequestOptions options, Buffer body) {
            return client.request(options)
                    .compose(request -> exchange(request, body))
                    .timeout(bounds.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .recover(cause -> Future.failedFuture(failed(cause)))
                    .onComplete(end -> cut());
        }

        private Future<OAuthReply> exchange(HttpClientRequest request, Buffer body) {
            http = request;
            request.exceptionHandler(cause -> {}); // told by the response too; unheard, both are logged as errors
            request.connection().exceptionHandler(cause -> {});
            if (over) {
                cut();
                return Future.failedFuture("too late");
            }
            sent = true;
            return request.send(body)
                    .compose(response -> WholeAnswer.read(response, LARGEST_BODY)
                            .map(read -> new OAuthReply(response.statusCode(), read)));
        }

        /** Without the cause's own words: they may quote a header. */
        private Unanswered failed(Throwable cause) {
            var how = cause.getClass().getSimpleName();
            return sent
                    ? new Unanswered("HighLevel gave no whole answer within " + TimeWords.of(bounds.timeout()) + " ("
                            + how + ")")
                    : Unanswered.unsent("HighLevel could not be reached (" + how + "); nothing was sent");
        }

        private void cut() {
            over = true;
            if (http != null) {
                http.reset();
                Cut.through(http.connection());
            }
        }
    }
}
