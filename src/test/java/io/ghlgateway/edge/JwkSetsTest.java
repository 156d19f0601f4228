package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwkSetsTest {

    private Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** Also one that drips: an idle timeout would begin anew with each byte. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatStopsAfterItsHeadIsGivenUp(boolean drips) {
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().setChunked(true).write("{\"keys\": [");
                    if (drips) {
                        vertx.setPeriodic(10, id -> request.response().write(" "));
                    }
                })
                .listen(0, "127.0.0.1"));

        var answer = new JwkSets(vertx, Duration.ofMillis(200))
                .apply(URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks"));

        assertThat(Await.result(answer.transform(given -> Future.succeededFuture(given)))
                        .failed())
                .isTrue();
    }

    /** A connection that is kept open for an answer nobody wants would be one for each try. */
    @Test
    void theConnectionOfAnAnswerThatIsGivenUpEnds() {
        var ended = Promise.<Void>promise();
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> {
                    request.connection().closeHandler(ended::complete);
                    request.response().setChunked(true).write("{\"keys\": [");
                })
                .listen(0, "127.0.0.1"));

        var answer = new JwkSets(vertx, Duration.ofMillis(200))
                .apply(URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks"));

        Await.result(ended.future());
        assertThat(answer.failed()).isTrue();
    }

    @Test
    void anAnswerWithoutAnEndIsGivenUpWhenItIsTooLarge() {
        var ended = Promise.<Void>promise();
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> {
                    request.connection().closeHandler(ended::complete);
                    request.response().setChunked(true).write("x".repeat((1 << 20) + 1));
                })
                .listen(0, "127.0.0.1"));

        var answer = new JwkSets(vertx, Duration.ofMinutes(1))
                .apply(URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks"));

        Await.result(ended.future());
        assertThat(answer.cause()).hasMessageContaining("is larger than 1048576 bytes");
    }

    @Test
    void aWholeAnswerIsHandedOver() {
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("{\"keys\": []}"))
                .listen(0, "127.0.0.1"));

        var answer = new JwkSets(vertx, Duration.ofMinutes(1))
                .apply(URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks"));

        assertThat(Await.result(answer).toString()).isEqualTo("{\"keys\": []}");
    }
}
