package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.dispatch.RetryPolicy.Next;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Upstream.Failed;
import io.ghlgateway.highlevel.Upstream.Failed.Stage;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Limit;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 200_000);
    private static final Duration HOLD = Duration.ofSeconds(7);

    private final RetryPolicy policy = new RetryPolicy(3, Set.of(HttpMethod.PUT), new SplittableRandom(1));
    private final FakeUpstream upstream = new FakeUpstream();

    /** PUT is configured as repeatable. */
    @ParameterizedTest(name = "{0} {1} after attempt {2}: {3}")
    @CsvSource({
        "GET,    200, 1, ANSWER",
        "GET,    429, 1, REQUEUE",
        "POST,   429, 2, REQUEUE",
        "POST,   429, 3, ANSWER",
        "GET,    502, 1, RESEND",
        "HEAD,   503, 2, RESEND",
        "OPTIONS,504, 1, RESEND",
        "PUT,    503, 1, RESEND",
        "DELETE, 503, 1, ANSWER",
        "POST,   503, 1, ANSWER",
        "PATCH,  502, 1, ANSWER",
        "GET,    503, 3, ANSWER",
        "GET,    500, 1, ANSWER",
        "GET,    501, 1, ANSWER",
        "GET,    401, 1, ANSWER",
        "GET,    408, 1, ANSWER"
    })
    void judgesAReply(String method, int status, int attempt, Next next) {
        var verdict = policy.afterReply(request(method, kept()), attempt, upstream.reply(status), HOLD);

        assertThat(verdict.next()).isEqualTo(next);
        if (next == Next.REQUEUE) {
            assertThat(verdict.pause()).isEqualTo(HOLD);
        }
    }

    @ParameterizedTest(name = "after attempt {0} it is {1} ms at most")
    @CsvSource({"1, 100", "2, 200", "3, 400", "5, 1600", "6, 2000", "60, 2000"})
    void thePauseIsAnythingUpToACapThatDoublesUntilItIsTwoSeconds(int attempt, long cap) {
        assertThat(pauseAfter(attempt, bound -> bound - 1)).isEqualTo(Duration.ofMillis(cap));
        assertThat(pauseAfter(attempt, bound -> 0)).isZero();
    }

    /** @param drawn what comes of a draw below its argument */
    private Duration pauseAfter(int attempt, LongUnaryOperator drawn) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long nextLong(long bound) {
                return drawn.applyAsLong(bound);
            }
        };
        return new RetryPolicy(100, Set.of(), random)
                .afterReply(request("GET", kept()), attempt, upstream.reply(503), HOLD)
                .pause();
    }

    @ParameterizedTest(name = "{0} {1} after attempt {2}: {3}")
    @CsvSource({
        "POST,   CONNECT, 1, RECONNECT",
        "GET,    CONNECT, 2, RECONNECT",
        "GET,    CONNECT, 3, ANSWER",
        "GET,    BROKEN,  1, RESEND",
        "GET,    TIMEOUT, 1, RESEND",
        "PUT,    BROKEN,  1, RESEND",
        "POST,   BROKEN,  1, ANSWER",
        "POST,   TIMEOUT, 1, ANSWER",
        "DELETE, TIMEOUT, 1, ANSWER",
        "GET,    BROKEN,  3, ANSWER"
    })
    void judgesAFailure(String method, Stage stage, int attempt, Next next) {
        assertThat(policy.afterFailure(request(method, kept()), attempt, new Failed(stage, "x"))
                        .next())
                .isEqualTo(next);
    }

    @Test
    void sendsABodyThatStreamsOnceAndConnectsForItAgain() {
        var request = request("PUT", new RequestBody(Buffer.buffer("head"), new ReadStream<>() {
            @Override
            public ReadStream<Buffer> exceptionHandler(Handler<Throwable> h) {
                return this;
            }

            @Override
            public ReadStream<Buffer> handler(Handler<Buffer> h) {
                return this;
            }

            @Override
            public ReadStream<Buffer> pause() {
                return this;
            }

            @Override
            public ReadStream<Buffer> resume() {
                return this;
            }

            @Override
            public ReadStream<Buffer> fetch(long amount) {
                return this;
            }

            @Override
            public ReadStream<Buffer> endHandler(Handler<Void> h) {
                return this;
            }
        }));

        assertThat(policy.afterReply(request, 1, upstream.reply(429), HOLD).next())
                .isEqualTo(Next.ANSWER);
        assertThat(policy.afterFailure(request, 1, new Failed(Stage.BROKEN, "x"))
                        .next())
                .isEqualTo(Next.ANSWER);
        assertThat(policy.afterFailure(request, 1, new Failed(Stage.CONNECT, "x"))
                        .next())
                .isEqualTo(Next.RECONNECT);
    }

    @ParameterizedTest(name = "Retry-After {0}, interval {1}: {2} s and a margin")
    @CsvSource({
        "3,                     ,      3",
        "3,                     60000, 3",
        "0,                     ,      10",
        "'',                    5000,  5",
        "'',                    ,      10",
        "soon,                  ,      10",
        "-4,                    ,      10",
        "'Wed, 21 Oct 2026 07:28:00 GMT', , 10",
        "999999999,             ,      86400"
    })
    void restsForRetryAfterElseOneIntervalAndAMargin(String retryAfter, Long interval, long seconds) {
        var reply = interval == null
                ? upstream.reply(429, "Retry-After", retryAfter)
                : upstream.reply(
                        429,
                        "Retry-After",
                        retryAfter,
                        "X-RateLimit-Max",
                        "100",
                        "X-RateLimit-Interval-Milliseconds",
                        interval.toString());

        assertThat(policy.holdFor(reply, RateHeaders.of(reply.headers()), LIMIT))
                .isBetween(
                        Duration.ofSeconds(seconds).plusMillis(400),
                        Duration.ofSeconds(seconds).plusMillis(600));
    }

    @Test
    void pausesAnywhereBetweenNothingAndTheCappedExponential() {
        for (int i = 0; i < 200; i++) {
            assertThat(policy.afterReply(request("GET", kept()), 1, upstream.reply(503), HOLD)
                            .pause())
                    .isBetween(Duration.ZERO, Duration.ofMillis(100));
            assertThat(policy.afterReply(request("GET", kept()), 2, upstream.reply(503), HOLD)
                            .pause())
                    .isBetween(Duration.ZERO, Duration.ofMillis(200));
        }
    }

    private static RequestBody kept() {
        return RequestBody.whole(Buffer.buffer("body"));
    }

    private static UpstreamRequest request(String method, RequestBody body) {
        return new UpstreamRequest(HttpMethod.valueOf(method), "/a", MultiMap.caseInsensitiveMultiMap(), body);
    }
}
