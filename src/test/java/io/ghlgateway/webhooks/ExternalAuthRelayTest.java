package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers may do to HighLevel's calls for external authentication. */
class ExternalAuthRelayTest {

    private static final String KEY = "key-1";

    private final Vertx vertx = Vertx.vertx();
    private HttpClient client;
    private int port;

    @BeforeEach
    void setUp() {
        var service = Await.result(vertx.createHttpServer()
                .requestHandler(ExternalAuthRelayTest::answerPostsAlone)
                .listen(0, "127.0.0.1"));
        var relay = new ExternalAuthRelay(
                vertx,
                List.of(new ExternalAuth(
                        new App("main"),
                        URI.create("http://127.0.0.1:" + service.actualPort()),
                        Secret.of("secret"),
                        Optional.of(Secret.of(KEY)),
                        Duration.ofMinutes(10))),
                InstantSource.system(),
                WebhookEvents.NONE);
        port = Await.result(vertx.createHttpServer().requestHandler(relay).listen(0, "127.0.0.1"))
                .actualPort();
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1_000));
    }

    private static void answerPostsAlone(HttpServerRequest request) {
        if (request.method() == HttpMethod.POST) {
            request.response().end();
        }
    }

    @AfterEach
    void tearDown() {
        Await.result(vertx.close());
    }

    @Test
    void strangersWhoFillAllThatThereIsForThemKeepHighLevelFromNothing() {
        var refused = Promise.<HttpClientResponse>promise();
        for (int i = 0; i < 200; i++) {
            send(HttpMethod.GET, "", Buffer.buffer()).onSuccess(refused::tryComplete);
        }

        var crowded = Await.result(refused.future());
        assertThat(crowded.statusCode()).isEqualTo(503);
        assertThat(crowded.getHeader("Retry-After")).isEqualTo("1");

        var keyed = Await.result(send(HttpMethod.POST, KEY, Buffer.buffer("{\"apiKey\": \"k\"}")));
        assertThat(keyed.statusCode()).isEqualTo(200);
    }

    @Test
    void whoAsksWithAGetMayFillNoMemory() {
        var answer = Await.result(send(HttpMethod.GET, "", Buffer.buffer("x")));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    private Future<HttpClientResponse> send(HttpMethod method, String key, Buffer body) {
        return client.request(method, port, "127.0.0.1", "/external-auth/main").compose(request -> {
            if (!key.isEmpty()) {
                request.putHeader("X-External-Auth-Key", key);
            }
            return request.send(body);
        });
    }
}
