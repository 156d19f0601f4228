package io.ghlgateway.wiring;

import io.ghlgateway.credentials.InstallationNews;
import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.highlevel.WebhookSignature;
import io.ghlgateway.settings.AppSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.WebhookSettings;
import io.ghlgateway.telemetry.WebhookMeters;
import io.ghlgateway.tenancy.TenantRegistry;
import io.ghlgateway.webhooks.Backoff;
import io.ghlgateway.webhooks.Deliveries;
import io.ghlgateway.webhooks.EventQueue;
import io.ghlgateway.webhooks.ExternalAuthRelay;
import io.ghlgateway.webhooks.InstallationLifecycle;
import io.ghlgateway.webhooks.Subscriber;
import io.ghlgateway.webhooks.Subscribers;
import io.ghlgateway.webhooks.WebhookApp;
import io.ghlgateway.webhooks.WebhookHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** HighLevel's webhooks and its calls for external authentication, joined: there where an app is configured. */
record Webhooks(
        WebhookHandler door,
        ExternalAuthRelay externalAuth,
        Subscribers subscribers,
        EventQueue queue,
        Deliveries deliveries,
        WebhookMeters meters,
        Runnable stopLooking) {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /** @param opened where they are kept; empty where none come */
    static Optional<Webhooks> of(
            Vertx vertx,
            Settings settings,
            Credentials credentials,
            TenantRegistry tenants,
            Optional<EventQueue> opened,
            WebhookMeters meters) {
        if (credentials.kept().isEmpty() || opened.isEmpty()) {
            return Optional.empty();
        }
        var kept = credentials.kept().get();
        var queue = opened.get();
        var known = credentials.ready();
        var clock = InstantSource.system();
        var catalogue = EventCatalogue.load();
        var news = new InstallationNews(kept.installations(), kept.onboarding(), kept.decisions(), kept.renewals());
        var deliveries = new Deliveries(
                vertx,
                queue,
                new InstallationLifecycle(news, catalogue, clock)::apply,
                manner(settings.webhooks()),
                clock,
                new SecureRandom(),
                meters);
        var following = new AtomicReference<Subscribers>();
        var subscribers = new Subscribers(settings.webhooks().subscribers(), tenants, kept.vault(), name -> {
            var all = following.get();
            if (all != null) {
                var subscriber = all.find(name);
                deliveries.follow(name, subscriber);
                if (subscriber.isEmpty()) {
                    meters.gone(name);
                }
            }
        });
        known.onSuccess(complete -> {
            following.set(subscribers);
            deliveries.begin(subscribers.all());
        });
        var door = new WebhookHandler(
                vertx,
                settings.apps().stream()
                        .map(app -> app(app, settings.webhooks()))
                        .toList(),
                settings.webhooks().maxBody(),
                catalogue,
                queue,
                subscribers::of,
                deliveries,
                known::succeeded,
                clock,
                meters);
        var relay = new ExternalAuthRelay(
                vertx,
                settings.apps().stream()
                        .flatMap(app -> app.externalAuth().stream())
                        .toList(),
                clock,
                meters);
        long looking = vertx.setPeriodic(LOOK_EVERY.toMillis(), look -> look(subscribers, queue, meters, clock));
        return Optional.of(
                new Webhooks(door, relay, subscribers, queue, deliveries, meters, () -> vertx.cancelTimer(looking)));
    }

    private static Deliveries.Manner manner(WebhookSettings settings) {
        return new Deliveries.Manner(
                new Backoff(settings.firstPause(), settings.longestPause(), settings.giveUpAfter()),
                settings.atOnce(),
                settings.timeout());
    }

    private static WebhookApp app(AppSettings app, WebhookSettings settings) {
        var keys = app.webhookKeys().isEmpty() ? WebhookSignature.published() : app.webhookKeys();
        return new WebhookApp(
                app.app(), app.client().clientId().split("-", 2)[0], new WebhookSignature(keys, settings.rsaUntil()));
    }

    /** For the metrics. */
    private static void look(Subscribers subscribers, EventQueue queue, WebhookMeters meters, InstantSource clock) {
        Stream.concat(Stream.of(Deliveries.GATEWAY), subscribers.all().stream().map(Subscriber::name))
                .forEach(name -> queue.standing(name)
                        .onSuccess(standing -> meters.stands(name, standing, clock))
                        .onFailure(failure -> meters.queueUnreachable(String.valueOf(failure.getMessage()))));
    }

    /**
     * Brings nobody anything more; completes when what is under way has ended. What comes is still kept. At the start of a
     * drain: requests may leave nothing of its time.
     */
    Future<Void> end() {
        return deliveries.end();
    }

    /**
     * @param ended what {@link #end} gave
     * @param patience completes when nothing may be waited for any more
     */
    Future<Void> close(Future<Void> ended, Future<?> patience) {
        stopLooking.run();
        return Future.any(ended, patience).transform(over -> queue.close());
    }
}
