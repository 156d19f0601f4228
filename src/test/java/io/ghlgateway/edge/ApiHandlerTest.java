package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiHandlerTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final EdgeEvents events = new EdgeEvents() {
        @Override
        public void answered(Answer answer) {
            told.add(answer.outcome());
        }

        @Override
        public void defect(String requestId, Throwable cause) {
            told.add(cause.getMessage());
        }
    };

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    void aDefectBeforeThereIsACallIsAnsweredToo() throws Exception {
        var server = done(vertx.createHttpServer()
                .requestHandler(request -> handler().handle(request))
                .listen(0, "127.0.0.1"));

        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/contacts/abc"))
                                .header("X-Gateway-Key", "key")
                                .timeout(BOUND)
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"internal\"").doesNotContain("no patience");
        assertThat(told.poll(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("no patience");
        assertThat(told.poll(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("internal");
    }

    /** Of callers whose patience cannot be known. */
    private ApiHandler handler() {
        var callers = new CallerRegistry(InstantSource.system());
        callers.put(Callers.any("billing"), Set.of(CallerKey.of(Secret.of("key"))));
        var tokens = new CallerTokens(
                vertx,
                List.of(),
                url -> Future.failedFuture("no issuer is trusted"),
                Ticker.systemTicker(),
                InstantSource.system(),
                events);
        var admission = new Admission(
                vertx,
                new CallerAuthenticator(callers, tokens),
                new TenantRegistry(List.of()),
                RouteCatalogue.load(),
                () -> {
                    throw new IllegalStateException("no patience");
                },
                1024,
                () -> false,
                Optional.empty());
        return new ApiHandler(
                admission,
                new BodyReader(vertx, 1024, 1024, BOUND),
                new BodyMemory(1024),
                BOUND,
                null,
                new UserAgent(Optional.empty()),
                () -> "id",
                Ticker.systemTicker(),
                events);
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
}
