package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tells the edge's refusal of our address from all that has the same status. */
class EdgeBlockTest {

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            429 | text/html        | <h1><span class="inline">Error</span> <span class="cf-error-code">1015</span></h1>  | true
            429 | text/html        | <h1>Error 1015</h1><p>You are being rate limited</p>                                | true
            403 | text/plain       | error code: 1015                                                                    | true
            429 |                  | error code: 1015                                                                    | true
            429 | application/json | {"error_code": 1015, "title": "Error 1015: You are being rate limited"}             | true
            429 | application/problem+json | {"error_code": 1015}                                                       | true
            429 | application/json | {"statusCode": 429, "message": "Too Many Requests"}                                 | false
            403 | application/json | {"message": "no contact error code: 1015"}                                          | false
            403 | application/json | {"error_code": "1015"}                                                              | false
            403 | application/json | [1015]                                                                              | false
            403 | text/html        | error code: 1010                                                                    | false
            403 | text/html        | error code: 10150                                                                   | false
            401 | text/html        | error code: 1015                                                                    | false
            """)
    void isKnownByStatusAndNumber(int status, String type, String body, boolean block) {
        var reply = new FixedReply(status, Optional.ofNullable(type), body);

        assertThat(EdgeBlock.is(reply).result()).isEqualTo(block);
    }

    @ParameterizedTest
    @CsvSource({"x-ratelimit-max, 100", "x-ratelimit-limit-daily, 200000"})
    void isNoReplyThatSpeaksOfAQuota(String header, String value) {
        var reply = new FixedReply(429, Optional.of("text/plain"), "error code: 1015");
        reply.headers().add(header, value);

        assertThat(EdgeBlock.is(reply).result()).isFalse();
    }

    private record FixedReply(int status, MultiMap headers, String body) implements Reply {

        FixedReply(int status, Optional<String> type, String body) {
            this(status, MultiMap.caseInsensitiveMultiMap(), body);
            type.ifPresent(value -> headers.add("content-type", value));
        }

        @Override
        public Future<Optional<Buffer>> peek(int most) {
            return Future.succeededFuture(Optional.of(Buffer.buffer(body)).filter(all -> all.length() <= most));
        }

        @Override
        public Future<Void> relayTo(WriteStream<Buffer> sink) {
            return Future.succeededFuture();
        }

        @Override
        public void discard() {}
    }
}
