package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpUpstreamTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void tearDown() {
        Await.result(vertx.close());
    }

    @Test
    void aRequestThatCannotBeWrittenGivesItsConnectionBack() {
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
        var upstream = new HttpUpstream(
                vertx,
                vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1)),
                URI.create("http://127.0.0.1:" + server.actualPort()),
                new HttpUpstream.Timeouts(LONG, LONG, LONG, LONG, LONG),
                new Circuit(System::nanoTime, () -> {}));
        var request = new UpstreamRequest(HttpMethod.GET, "/", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY);

        var unwritable = upstream.connect(request, Secret.of("two\nlines"))
                .map("written")
                .recover(defect -> Future.succeededFuture(defect.getClass().getSimpleName()));
        assertThat(Await.result(unwritable)).isEqualTo("IllegalArgumentException");

        var reply = Await.result(upstream.connect(request, Secret.of("token")).compose(Upstream.Exchange::send));
        assertThat(reply.status()).isEqualTo(200);
    }
}
