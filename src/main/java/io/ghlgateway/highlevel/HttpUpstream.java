package io.ghlgateway.highlevel;

import io.ghlgateway.highlevel.Upstream.Failed.Stage;
import io.ghlgateway.http.Cut;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.WriteStream;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Upstream} over HTTP/1.1. A connection that was taken and not used goes back to the pool untouched; one whose
 * exchange was cut is closed.
 *
 * <p>Adds {@code Host}, {@code Authorization} and, to a body of unknown length, chunked framing. Redirects and packed replies
 * pass as they are: what HighLevel answers is the caller's business.
 */
public final class HttpUpstream implements Upstream {

    /**
     * How long each step may take.
     *
     * @param response from the last byte written to the reply's head
     * @param idle for HighLevel to take or give more of a body
     * @param events for the next piece of a reply that is an event stream, where silence is usual
     * @param taking for the caller to take more of a reply
     */
    public record Timeouts(Duration connect, Duration response, Duration idle, Duration events, Duration taking) {}

    /** A larger body of a discarded reply is not worth the wait: its connection is closed instead. */
    private static final long DRAIN_AT_MOST = 64 * 1024;

    private static final CharSequence AUTHORIZATION = HttpHeaders.createOptimized("Authorization");

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions origin;
    private final Timeouts timeouts;
    private final Circuit circuit;

    /** @param client made on the event loop on which this instance is used; its owner closes it */
    public HttpUpstream(Vertx vertx, HttpClient client, URI base, Timeouts timeouts, Circuit circuit) {
        this.vertx = vertx;
        this.client = client;
        this.timeouts = timeouts;
        this.circuit = circuit;
        // A request's "connect timeout" is its whole wait for a connection, of the pool too; the client has its own.
        var untilConnected = timeouts.connect().plus(timeouts.response());
        this.origin = new RequestOptions().setAbsoluteURI(base.toString()).setConnectTimeout(untilConnected.toMillis());
    }

    @Override
    public Future<Exchange> connect(UpstreamRequest request, Secret bearer) {
        var options = new RequestOptions(origin).setMethod(request.method()).setURI(request.uri());
        return circuit.attempt(() -> client.request(options))
                .transform((http, cause) -> cause == null
                        ? Future.succeededFuture(prepared(http, request, bearer))
                        : Future.failedFuture(new Failed(Stage.CONNECT, cause)));
    }

    private Exchange prepared(HttpClientRequest http, UpstreamRequest request, Secret bearer) {
        // Without a handler of ours a stream that is given back unsent is logged as an error.
        http.exceptionHandler(cause -> {});
        try {
            request.headers().forEach(http.headers()::add);
            http.putHeader(AUTHORIZATION, "Bearer ".concat(bearer.reveal()));
        } catch (RuntimeException defect) {
            http.reset(); // else its place in the pool would be nobody's
            throw defect;
        }
        return new Flight(http, request.body());
    }

    /** One exchange; {@code http} is forgotten when its reply is complete, for by then its connection is another's. */
    private final class Flight implements Exchange {

        private final HttpClientRequest http;
        private final RequestBody body;
        private boolean over;
        private boolean sent;
        /** The request has been written to its end. */
        private boolean written;

        private boolean answered;
        /** Why the exchange was cut, where it was not the upstream that did. */
        private @Nullable Throwable failure;

        private long progress;
        private long stallTimer = -1;

        Flight(HttpClientRequest http, RequestBody body) {
            this.http = http;
            this.body = body;
        }

        @Override
        public void addHeader(String header, String value) {
            http.putHeader(header, value);
        }

        @Override
        public Future<Reply> send() {
            sent = true;
            var rest = body.rest();
            if (rest == null) {
                written = true;
                http.idleTimeout(timeouts.response().toMillis());
                (body.head().length() == 0 ? http.end() : http.end(body.head())).onFailure(cause -> {});
            } else {
                stream();
            }
            return http.response().compose(this::arrived, cause -> {
                over = true;
                Cut.through(http.connection()); // a reset by the client itself, after a timeout, waits to be taken
                return Future.failedFuture(failure != null ? failure : failed(cause));
            });
        }

        private Future<Reply> arrived(HttpClientResponse response) {
            if (response.statusCode() < 200) {
                // The client skips 100 and 103; it takes any other for the reply itself, and then loses count of them.
                response.exceptionHandler(cause -> {}); // of the cut below; unheard, it is logged as an error
                abandon();
                return Future.failedFuture(
                        new Failed(Stage.BROKEN, "an interim answer of status " + response.statusCode()));
            }
            answered = true;
            return Future.succeededFuture(new Answer(response));
        }

        private Failed failed(Throwable cause) {
            return cause instanceof TimeoutException
                    ? new Failed(Stage.TIMEOUT, "no answer within " + TimeWords.of(timeouts.response()))
                    : new Failed(Stage.BROKEN, cause);
        }

        /** Writes the body as its sender provides it; a sender that breaks off takes the whole exchange with it. */
        private void stream() {
            if (!http.headers().contains("content-length")) {
                http.setChunked(true);
            }
            if (body.head().length() > 0) {
                http.write(body.head()).onFailure(cause -> {});
            }
            var rest = Objects.requireNonNull(body.rest());
            rest.exceptionHandler(cause -> {
                if (cause instanceof RequestBody.SenderFailed) {
                    failure = cause.getCause();
                }
                abandon();
            });
            rest.endHandler(end -> {
                vertx.cancelTimer(stallTimer);
                if (over) {
                    return;
                }
                written = true;
                if (!answered) {
                    http.idleTimeout(timeouts.response().toMillis());
                }
                http.end().onFailure(cause -> {});
            });
            rest.handler(chunk -> {
                progress++;
                http.write(chunk).onFailure(cause -> {});
                if (http.writeQueueFull()) {
                    rest.pause();
                    http.drainHandler(drained -> {
                        progress++;
                        rest.resume();
                    });
                }
            });
            watchForStall();
            rest.resume();
        }

        /** An upstream that takes nothing more of a body would otherwise hold the call for ever. */
        private void watchForStall() {
            long before = progress;
            stallTimer = vertx.setTimer(timeouts.idle().toMillis(), id -> {
                if (over) {
                    return;
                }
                if (progress == before && http.writeQueueFull()) {
                    failure = new Failed(
                            Stage.TIMEOUT,
                            "no sign of taking more of the request's body within " + TimeWords.of(timeouts.idle()));
                    abandon();
                } else {
                    watchForStall();
                }
            });
        }

        @Override
        public void abandon() {
            if (!over) {
                over = true;
                vertx.cancelTimer(stallTimer);
                http.reset();
                boolean isDone = written && answered;
                if (sent && !isDone) { // else the connection was never used, or is another's by now
                    Cut.through(http.connection());
                }
            }
        }

        private final class Answer implements Reply {

            private final HttpClientResponse response;
            private final ReplyBody body;

            Answer(HttpClientResponse response) {
                this.response = response;
                this.body = new ReplyBody(response);
            }

            @Override
            public int status() {
                return response.statusCode();
            }

            @Override
            public MultiMap headers() {
                return response.headers();
            }

            @Override
            public Future<Optional<Buffer>> peek(int most) {
                return body.peek(vertx, most, timeouts.idle()).andThen((seen, failure) -> {
                    if (body.hasEnded()) {
                        letGo(); // the connection may be another's now
                    }
                });
            }

            @Override
            public Future<Void> relayTo(WriteStream<Buffer> sink) {
                return new Relay(vertx, body, silence(), sink, timeouts.taking())
                        .start()
                        .onComplete(done -> letGo(), cause -> abandon());
            }

            /** Of an event stream silence is no sign of trouble. */
            private Duration silence() {
                return body.isEvents() ? timeouts.events() : timeouts.idle();
            }

            /** A reply that did not wait for the whole request is the last word: what is left of the request is not sent. */
            private void letGo() {
                over = true;
                if (!written) {
                    vertx.cancelTimer(stallTimer);
                    Cut.through(http.connection()); // to the client a reset after the reply would be no reset
                }
            }

            @Override
            public void discard() {
                if (body.isEvents()) {
                    abandon(); // it may never end
                    return;
                }
                if (!body.hasEnded()) {
                    http.idleTimeout(timeouts.idle().toMillis());
                }
                var read = new long[1];
                body.to(
                        chunk -> {
                            read[0] += chunk.length();
                            if (read[0] > DRAIN_AT_MOST) {
                                abandon();
                            }
                        },
                        this::letGo,
                        cause -> over = true);
                body.resume();
            }
        }
    }
}
