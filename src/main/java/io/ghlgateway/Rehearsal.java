package io.ghlgateway;

import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.highlevel.WebhookSignature;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.http.Listening;
import io.ghlgateway.install.PublicServer;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.Backoff;
import io.ghlgateway.webhooks.Deliveries;
import io.ghlgateway.webhooks.EventQueue;
import io.ghlgateway.webhooks.Subscriber;
import io.ghlgateway.webhooks.WebhookApp;
import io.ghlgateway.webhooks.WebhookEvents;
import io.ghlgateway.webhooks.WebhookHandler;
import io.ghlgateway.wiring.WebhookQueues;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some hundred webhooks that nobody sent, before the door opens to HighLevel: a process that has just started works up to
 * ten times as long for each of its first ones, and who sends 500 a second then waits for seconds. They take the whole way,
 * from a head on a socket to a subscriber that takes every second one, with a key, a listener on the loopback, a queue and
 * a Vert.x of their own, of which nothing stays; only what is compiled does.
 */
final class Rehearsal {

    /** The first compiler takes on what was called 200 times. */
    private static final int WEBHOOKS = 400;
    /** So much later may the door open, on a machine that has no time for it. */
    private static final Duration MOST = Duration.ofSeconds(3);

    /** And so much later if nothing of it can be ended. */
    private static final Duration CLEARING = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger("webhooks");
    private static final App APP = new App("rehearsal");
    private static final String NAME = "rehearsal";
    private static final String INBOX = "/rehearsal";
    private static final int MOST_CONNECTIONS = 32;

    private final Vertx vertx;
    private final EventQueue queue;
    private final RehearsedWebhooks sender;
    private final Deliveries deliveries;
    private int asked;

    private Rehearsal(Vertx vertx, EventQueue queue) {
        this.vertx = vertx;
        this.queue = queue;
        this.sender = new RehearsedWebhooks(vertx, APP);
        this.deliveries = new Deliveries(
                vertx,
                queue,
                event -> Future.succeededFuture(),
                new Deliveries.Manner(
                        new Backoff(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMinutes(1)),
                        MOST_CONNECTIONS / 2,
                        MOST),
                InstantSource.system(),
                new SecureRandom(),
                WebhookEvents.NONE);
    }

    /** Begins at once, where webhooks can come; completes when it is over, and never fails: it is no part of the work. */
    static Future<Void> of(Settings settings) {
        return WebhookQueues.areNeeded(settings) ? of(settings, WEBHOOKS, MOST).mapEmpty() : Future.succeededFuture();
    }

    /** @return how many were taken */
    static Future<Integer> of(Settings settings, int webhooks, Duration most) {
        long began = System.nanoTime();
        var vertx = Running.vertx(1);
        var over = Promise.<Integer>promise(); // not on that Vert.x, which is gone then
        vertx.setTimer(most.plus(CLEARING).toMillis(), late -> over.tryComplete(0));
        vertx.executeBlocking(() -> WebhookQueues.openBeside(settings, NAME, directory(settings)))
                .compose(beside -> beside.usable()
                        .timeout(most.toMillis(), TimeUnit.MILLISECONDS)
                        .compose(usable -> new Rehearsal(vertx, beside.queue()).run(webhooks, most))
                        .eventually(beside.queue()::close))
                .eventually(() -> vertx.executeBlocking(() -> clear(directory(settings))))
                .onFailure(failure -> LOG.info("no webhooks were rehearsed: {}", failure.toString()))
                .otherwise(0)
                .onSuccess(taken -> vertx.close().onComplete(closed -> {
                    LOG.info("{} webhooks rehearsed in {} ms", taken, (System.nanoTime() - began) / 1_000_000);
                    over.tryComplete(taken);
                }));
        return over.future();
    }

    private static Path directory(Settings settings) {
        return settings.credentials().directory().resolve(NAME);
    }

    private static boolean clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var files = Files.newDirectoryStream(directory)) {
                for (var file : files) {
                    Files.delete(file);
                }
            }
        }
        return Files.deleteIfExists(directory);
    }

    private Future<Integer> run(int webhooks, Duration most) {
        var door = new WebhookHandler(
                vertx,
                List.of(new WebhookApp(
                        APP, APP.id(), new WebhookSignature(List.of(sender.publicKey()), Optional.empty()))),
                1 << 16,
                EventCatalogue.load(),
                queue,
                event -> List.of(NAME),
                deliveries,
                () -> true,
                InstantSource.system(),
                WebhookEvents.NONE);
        Handler<HttpServerRequest> subscriber = this::take;
        var server = new PublicServer(
                vertx,
                false,
                request -> (request.uri().equals(INBOX) ? subscriber : door).handle(request),
                uri -> true);
        var listening = new Listening(
                "127.0.0.1", 0, Optional.empty(), ConnectionCap.ofFiles(5, MOST_CONNECTIONS), ConnectionEvents.NONE);
        return server.listen(listening)
                .compose(open -> send(open, webhooks).timeout(most.toMillis(), TimeUnit.MILLISECONDS))
                .transform(ended -> sender.stop()) // first: what came after the rest is cleared away would stay
                .map(ended -> sender.taken())
                .eventually(deliveries::end)
                .eventually(() -> queue.forget(NAME))
                .eventually(() -> queue.forget(Deliveries.GATEWAY));
    }

    private Future<Void> send(HttpServer open, int webhooks) {
        var url = URI.create("http://127.0.0.1:" + open.actualPort());
        var secret = Secret.of(UUID.randomUUID().toString());
        deliveries.begin(List.of(new Subscriber(NAME, url.resolve(INBOX), secret, List.of("*"), List.of("*"))));
        return sender.send(url.resolve(WebhookHandler.PATH + APP.id()), webhooks);
    }

    /** What was refused once is taken: so both ways are rehearsed. */
    private void take(HttpServerRequest delivery) {
        int status = asked++ % 2 == 0 ? 503 : 200;
        delivery.end()
                .onSuccess(whole -> delivery.response().setStatusCode(status).end());
    }
}
