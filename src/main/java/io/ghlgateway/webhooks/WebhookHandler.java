package io.ghlgateway.webhooks;

import io.ghlgateway.digest.Sha256;
import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.highlevel.WebhookMessage;
import io.ghlgateway.highlevel.WebhookSignature.Claim;
import io.ghlgateway.highlevel.WebhookSignature.Verdict;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.http.RequestForm;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.WebhookEvents.Refusal;
import io.ghlgateway.webhooks.WholeBodies.NoBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where HighLevel posts: {@code /webhooks/APP}. A webhook is verified before anything is made of it, and answered with a
 * 2xx only when it is kept, so that what HighLevel believes to be delivered is delivered. On the event loop of its server.
 */
public final class WebhookHandler implements Handler<HttpServerRequest> {

    public static final String PATH = "/webhooks/";

    private static final Set<String> INSTALLATIONS = Set.of("INSTALL", "UNINSTALL", "AppUpdate");

    /** HighLevel tries again for up to three days; a signature says nothing of when it was sent. */
    private static final Duration OLDEST = Duration.ofDays(4);

    private static final Duration BODY_WITHIN = Duration.ofSeconds(10);
    private static final long BODIES_TOGETHER = 64L << 20;
    private static final int SHORT_DIGITS = 5; // less than 100 kB
    private static final ShortAnswers ANSWERS = new ShortAnswers("10");

    private final Map<String, WebhookApp> apps;
    private final EventCatalogue catalogue;
    private final EventQueue queue;
    private final Function<Event, List<String>> subscribers;
    private final Deliveries deliveries;
    private final BooleanSupplier ready;
    private final InstantSource clock;
    private final WebhookEvents events;
    private final WholeBodies bodies;
    private final WorkerExecutor workers;
    private final Set<String> lifecycle = EventCatalogue.lifecycle();

    /**
     * @param largest body, in bytes
     * @param subscribers the names of those who want an event
     * @param ready whether all subscribers are known; until then nothing is taken
     */
    public WebhookHandler(
            Vertx vertx,
            Collection<WebhookApp> apps,
            int largest,
            EventCatalogue catalogue,
            EventQueue queue,
            Function<Event, List<String>> subscribers,
            Deliveries deliveries,
            BooleanSupplier ready,
            InstantSource clock,
            WebhookEvents events) {
        this.apps = apps.stream()
                .collect(Collectors.toUnmodifiableMap(app -> app.app().id(), Function.identity()));
        this.catalogue = catalogue;
        this.queue = queue;
        this.subscribers = subscribers;
        this.deliveries = deliveries;
        this.ready = ready;
        this.clock = clock;
        this.events = events;
        this.bodies = new WholeBodies(vertx, largest, BODY_WITHIN, BODIES_TOGETHER);
        this.workers = vertx.createSharedWorkerExecutor(
                "webhook-signatures", Runtime.getRuntime().availableProcessors());
    }

    @Override
    public void handle(HttpServerRequest request) {
        var app = Optional.ofNullable(apps.get(RequestForm.path(request.uri()).substring(PATH.length())));
        if (app.isEmpty()) {
            ANSWERS.give(request, 404, "there is no such app");
        } else if (request.method() != HttpMethod.POST) {
            request.response().putHeader("Allow", "POST");
            ANSWERS.give(request, 405, "webhooks are posted");
        } else {
            take(app.get(), request, System.nanoTime());
        }
    }

    private void take(WebhookApp app, HttpServerRequest request, long began) {
        var claim = app.signature().claim(request.headers(), clock.instant());
        if (claim.worth() != Verdict.GENUINE) {
            closeIfLong(request);
            refuse(app.app(), request, refusal(claim.worth()));
            return;
        }
        bodies.read(
                        request,
                        body -> workers.executeBlocking(() -> genuine(app, claim, body.getBytes()), false)
                                .compose(message -> judge(app, request, message, body, began)))
                .onFailure(failure -> {
                    if (failure instanceof NoBody missing) {
                        HttpDoor.closeAfter(request);
                        refuse(app.app(), request, missing.why());
                    } else {
                        events.queueUnreachable(String.valueOf(failure.getMessage()));
                        refuse(app.app(), request, Refusal.UNAVAILABLE);
                    }
                });
    }

    /** What is left of a short body flows away unread; a long one is not waited for. */
    private static void closeIfLong(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        if (length == null || length.length() > SHORT_DIGITS) {
            HttpDoor.closeAfter(request);
        }
    }

    private static Refusal refusal(Verdict verdict) {
        return switch (verdict) {
            case UNSIGNED -> Refusal.UNSIGNED;
            case OUTDATED -> Refusal.OUTDATED;
            case FORGED, GENUINE -> Refusal.FORGED;
        };
    }

    /** All that takes long, and grows with the body. Empty where that is not what was signed. */
    private Optional<WebhookMessage> genuine(WebhookApp app, Claim claim, byte[] body) {
        return app.signature().verify(claim, body) == Verdict.GENUINE
                ? Optional.of(WebhookMessage.read(body, catalogue))
                : Optional.empty();
    }

    /** @return fails where the queue cannot be asked */
    private Future<Void> judge(
            WebhookApp app, HttpServerRequest request, Optional<WebhookMessage> genuine, Buffer body, long began) {
        if (genuine.isEmpty()) {
            refuse(app.app(), request, Refusal.FORGED);
            return Future.succeededFuture();
        }
        var now = clock.instant();
        var message = genuine.get();
        if (message.appId().filter(id -> !id.equals(app.appId())).isPresent()) {
            refuse(app.app(), request, Refusal.OTHER_APP);
        } else if (message.timestamp()
                .filter(sent -> sent.isBefore(now.minus(OLDEST)))
                .isPresent()) {
            refuse(app.app(), request, Refusal.STALE);
        } else if (!ready.getAsBoolean()) {
            refuse(app.app(), request, Refusal.UNAVAILABLE);
        } else {
            return keep(event(app.app(), message, body, now), isBelieved(app, message), request, began);
        }
        return Future.succeededFuture();
    }

    /**
     * Whether the gateway acts on it. An installation begins, changes or ends only by what says in so many words that it is one of
     * this app: HighLevel's signature does not say for which app an event is.
     */
    private static boolean isBelieved(WebhookApp app, WebhookMessage message) {
        return !INSTALLATIONS.contains(message.type())
                || message.flat("type").isPresent() && message.flat("appId").equals(Optional.of(app.appId()));
    }

    /**
     * The signed id says which are the same; where there is none the whole body does: nothing that is not signed. But an app is
     * installed and uninstalled again, in the same words if they hold neither id nor time: such news is dropped never.
     */
    private Event event(App app, WebhookMessage message, Buffer body, Instant now) {
        var id = message.id()
                .orElseGet(() -> digest(body)
                        + (message.timestamp().isEmpty() && lifecycle.contains(message.type())
                                ? "-" + UUID.randomUUID()
                                : ""));
        return new Event(app, id, message.type(), message.resource(), now, body);
    }

    private Future<Void> keep(Event event, boolean believed, HttpServerRequest request, long began) {
        var receivers = new ArrayList<>(subscribers.apply(event));
        int wanted = receivers.size();
        if (believed && lifecycle.contains(event.type())) {
            receivers.add(Deliveries.GATEWAY);
        }
        return Future.fromCompletionStage(queue.offer(event, receivers).toCompletionStage(), ContextInternal.current())
                .map(offer -> {
                    switch (offer) {
                        case TAKEN -> {
                            ANSWERS.give(request, 200, "accepted");
                            deliveries.wake(receivers);
                            events.accepted(
                                    event,
                                    catalogue.knows(event.type()),
                                    wanted,
                                    Duration.ofNanos(System.nanoTime() - began));
                        }
                        case DUPLICATE -> {
                            ANSWERS.give(request, 200, "known already");
                            events.duplicate(event);
                        }
                        case FULL -> refuse(event.app(), request, Refusal.UNAVAILABLE);
                    }
                    return null;
                });
    }

    private void refuse(App app, HttpServerRequest request, Refusal why) {
        events.refused(app, why);
        ANSWERS.give(request, why.status(), why.wire());
    }

    private static String digest(Buffer body) {
        return "sha256-" + HexFormat.of().formatHex(Sha256.of(body.getBytes()));
    }
}
