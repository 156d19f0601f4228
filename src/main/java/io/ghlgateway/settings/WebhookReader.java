package io.ghlgateway.settings;

import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.Deliveries;
import io.ghlgateway.webhooks.Subscriber;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads how webhooks are taken, and who subscribes to them. */
final class WebhookReader {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MONTH = Duration.ofDays(30);
    /** Half of what a command to Redis may take before it counts as failed. */
    private static final Duration LONGEST_FOLLOWER_WAIT = Duration.ofMillis(250);

    private final EventCatalogue catalogue = EventCatalogue.load();
    private final boolean installs;
    private final FirstLines names = new FirstLines("name", "the name of the subscriber");

    /** @param installs whether there is an app, for which webhooks come */
    WebhookReader(boolean installs) {
        this.installs = installs;
    }

    WebhookSettings read(Section root) {
        var subscribers = root.sections("subscribers", this::subscriber);
        if (!subscribers.isEmpty() && !installs) {
            root.warning("subscribers", "no app is configured (apps), so no webhook will come for them");
        }
        return root.section("webhooks", section -> read(section, subscribers, root.has("redis")));
    }

    private static WebhookSettings read(Section s, List<Subscriber> subscribers, boolean shared) {
        var d = WebhookSettings.DEFAULTS;
        var first = s.read("first-pause", Kind.UP_TO_A_DAY, d.firstPause());
        var longest = s.read("longest-pause", Kind.UP_TO_A_DAY, longer(d.longestPause(), first));
        if (longest.compareTo(first) < 0) {
            s.problem("longest-pause", "is shorter than webhooks.first-pause");
        }
        return new WebhookSettings(
                s.read("max-body", Kind.smallSize(1 << 10, 16 << 20), d.maxBody()),
                s.read("rsa-until", Kind.DAY_OR_NEVER, d.rsaUntil()),
                s.read("at-once", Kind.whole(1, 1_000), d.atOnce()),
                s.read("timeout", Kind.duration(MILLI, Duration.ofMinutes(5)), d.timeout()),
                first,
                longest,
                s.read("give-up-after", Kind.duration(MILLI, MONTH), d.giveUpAfter()),
                s.read("backlog", Kind.size(1 << 20, 1L << 36), shared ? WebhookSettings.SHARED_BACKLOG : d.backlog()),
                s.read("follower-wait", Kind.duration(Duration.ZERO, LONGEST_FOLLOWER_WAIT), d.followerWait()),
                subscribers);
    }

    private Optional<Subscriber> subscriber(Section section) {
        Optional<String> name = section.required("name", Kind.NAME);
        name.ifPresent(written -> remember(section, written));
        Optional<URI> url = section.required("url", Kind.WEB_URL);
        Optional<Secret> secret = section.requiredSecret("secret", Kind.SIGNING_SECRET);
        var types = patterns(section, "types", Kind.TYPE_PATTERN, this::checkType);
        var tenants = patterns(section, "tenants", Kind.TENANT_PATTERN, (item, pattern) -> {});
        return name.isPresent() && url.isPresent() && secret.isPresent()
                ? Optional.of(new Subscriber(name.get(), url.get(), secret.get(), types, tenants))
                : Optional.empty();
    }

    private void remember(Section section, String name) {
        if (name.equals(Deliveries.GATEWAY)) {
            section.problem("name", "'" + name + "' is what the gateway itself subscribes as; name it otherwise");
            return;
        }
        names.remember(section, name);
    }

    /** Every one where none is listed. */
    private static List<String> patterns(
            Section section, String key, Kind<String> kind, BiConsumer<Entry, String> check) {
        if (!section.has(key)) {
            return List.of("*");
        }
        section.notEmpty(key, "none; list some, or \"*\" for every one");
        return List.copyOf(section.words(key, kind, check));
    }

    private void checkType(Entry item, String pattern) {
        if (catalogue.types().stream().noneMatch(type -> Subscriber.matches(pattern, type))) {
            item.warning(
                    "HighLevel documents no type like '" + pattern + "'" + Spelling.hint(pattern, catalogue.types()));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
