package io.ghlgateway.webhooks;

import io.ghlgateway.credentials.InstallationNews;
import io.ghlgateway.credentials.InstallationNews.Outcome;
import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.highlevel.WebhookMessage;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.webhooks.Receiver.NotTaken;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of HighLevel's events what the registry of installations can use. Any thread; never throws. */
public final class InstallationLifecycle {

    /** For so long a webhook waits for the code that it has overtaken; after that the agency is listed anyway. */
    private static final Duration WAIT_FOR_CODE = Duration.ofMinutes(10);

    /** For so long HighLevel may tell of an end before all of it knows. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private static final List<String> WORTH_TELLING = List.of("currentPlanId", "newPlanId", "authType");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private static final Logger LOG = LoggerFactory.getLogger("webhooks");

    private final InstallationNews news;
    private final EventCatalogue catalogue;
    private final InstantSource clock;

    public InstallationLifecycle(InstallationNews news, EventCatalogue catalogue, InstantSource clock) {
        this.news = news;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /**
     * Takes note of an event. Doing it again is harmless.
     *
     * @return fails where it is to be tried again later
     */
    public Future<Void> apply(Event event) {
        var message = WebhookMessage.read(event.body().getBytes(), catalogue);
        var when = message.timestamp().orElse(event.received());
        var company = message.text("companyId").filter(Resource::isId);
        return switch (event.type()) {
            case "INSTALL" ->
                event.resource()
                        .map(resource -> news.installed(event.app(), resource, company, when)
                                .compose(outcome -> installed(event, message, when, outcome)))
                        .orElseGet(Future::succeededFuture);
            case "UNINSTALL" ->
                event.resource()
                        .map(resource -> message.timestamp().isPresent()
                                ? uninstalled(event, resource, when)
                                : uninstalledSometime(event, resource))
                        .orElseGet(Future::succeededFuture);
            case "LocationCreate" -> company.map(id -> opened(event, id)).orElseGet(Future::succeededFuture);
            case "AppUpdate" -> updated(event, message, when).mapEmpty();
            default -> {
                // No token hangs on these: what a plan allows is learned with the next one.
                LOG.info("app '{}': {} of {}{}", event.app(), event.type(), said(event), told(message));
                yield Future.succeededFuture();
            }
        };
    }

    private Future<Void> installed(Event event, WebhookMessage message, Instant when, Outcome outcome) {
        if (outcome == Outcome.UNKNOWN_AGENCY && mayWait(event)) {
            return Future.failedFuture(new NotTaken("agency not known yet"));
        }
        return updated(event, message, when).compose(known -> {
            if (!known && mayWait(event)) {
                return Future.failedFuture(new NotTaken("code not seen yet"));
            }
            LOG.info(
                    "app '{}': installed at {}{}",
                    event.app(),
                    said(event),
                    outcome == Outcome.DONE ? "" : ", whose agency is not known here");
            return Future.succeededFuture();
        });
    }

    /** @return whether there is nothing left to be noted */
    private Future<Boolean> updated(Event event, WebhookMessage message, Instant when) {
        var version = message.text("versionId").filter(id -> PLAIN.matcher(id).matches());
        return version.isEmpty() || event.resource().isEmpty()
                ? Future.succeededFuture(true)
                : news.updated(event.app(), event.resource().get(), version.get(), when);
    }

    private Future<Void> opened(Event event, String company) {
        return news.locationCreated(event.app(), company, event.received())
                .compose(known -> known
                        ? Future.succeededFuture()
                        : Future.failedFuture(new NotTaken("agency was listed a moment ago")));
    }

    /** What an operator may want to look up later. */
    private static String told(WebhookMessage message) {
        return WORTH_TELLING.stream()
                .flatMap(name -> message
                        .text(name)
                        .filter(value -> PLAIN.matcher(value).matches())
                        .map(value -> ", " + name + " " + value)
                        .stream())
                .collect(Collectors.joining());
    }

    private Future<Void> uninstalled(Event event, Resource resource, Instant when) {
        return news.uninstalled(event.app(), resource, when)
                .onSuccess(ended -> LOG.info("app '{}': uninstalled at {}", event.app(), said(event)));
    }

    private Future<Void> uninstalledSometime(Event event, Resource resource) {
        return news.uninstalledSometime(event.app(), resource, event.received()).compose(ended -> {
            if (!ended && clock.instant().isBefore(event.received().plus(ASK_AGAIN))) {
                return Future.failedFuture(new NotTaken("still installed, says HighLevel"));
            }
            LOG.info(
                    "app '{}': uninstalled at {}{}",
                    event.app(),
                    said(event),
                    ended ? "" : " some time ago, and installed since, says HighLevel");
            return Future.succeededFuture();
        });
    }

    private boolean mayWait(Event event) {
        return clock.instant().isBefore(event.received().plus(WAIT_FOR_CODE));
    }

    private static String said(Event event) {
        return event.resource().map(Resource::toString).orElse("nobody that it names");
    }
}
