package io.ghlgateway.settings;

import io.ghlgateway.highlevel.EventCatalogue;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.Deliveries;
import io.ghlgateway.webhooks.Subscriber;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how webhooks are taken, and who subscribes to them. */
final class WebhookReader {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    /** Half of what a command to Redis may take before it counts as failed. */
    private static final Duration LONGEST_FOLLOWER_WAIT = Duration.ofMillis(250);

    private final EventCatalogue catalogue = EventCatalogue.load();
    private final boolean installs;
    private final Map<String, Integer> lines = new HashMap<>();

    /** @param installs whether there is an app, for which webhooks come */
    WebhookReader(boolean installs) {
        this.installs = installs;
    }

    WebhookSettings read(Section root) {
        var subscribers = root.items("subscribers").stream()
                .map(entry -> entry.section(this::subscriber))
                .flatMap(Optional::stream)
                .toList();
        if (!subscribers.isEmpty() && !installs) {
            root.warning("subscribers", "no app is configured (apps), so no webhook will come for them");
        }
        return root.section("webhooks", section -> read(section, subscribers, root.has("redis")));
    }

    private static WebhookSettings read(Section s, List<Subscriber> subscribers, boolean shared) {
        var d = WebhookSettings.DEFAULTS;
        var first = s.read("first-pause", Kind.duration(MILLI, DAY), d.firstPause());
        var longest = s.read("longest-pause", Kind.duration(MILLI, DAY), longer(d.longestPause(), first));
        if (longest.compareTo(first) < 0) {
            s.problem("longest-pause", "is shorter than webhooks.first-pause");
        }
        return new WebhookSettings(
                s.read("max-body", Kind.size(1 << 10, 16L << 20), (long) d.maxBody())
                        .intValue(),
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
        section.exactlyOneOf("secret", "secret-file");
        Optional<Secret> secret = section.secret("secret", Kind.SIGNING_SECRET);
        var types = patterns(section, "types", Kind.TYPE_PATTERN);
        var tenants = patterns(section, "tenants", Kind.TENANT_PATTERN);
        return name.isPresent() && url.isPresent() && secret.isPresent()
                ? Optional.of(new Subscriber(name.get(), url.get(), secret.get(), types, tenants))
                : Optional.empty();
    }

    private void remember(Section section, String name) {
        if (name.equals(Deliveries.GATEWAY)) {
            section.problem("name", "'" + name + "' is what the gateway itself subscribes as; name it otherwise");
            return;
        }
        var first = lines.putIfAbsent(name, section.line("name"));
        if (first != null) {
            section.problem("name", "'" + name + "' is already the name of the subscriber in line " + first);
        }
    }

    /** Every one where none is listed. */
    private List<String> patterns(Section section, String key, Kind<String> kind) {
        if (!section.has(key)) {
            return List.of("*");
        }
        var patterns = new LinkedHashSet<String>();
        for (var item : section.required(key, "none; list some, or \"*\" for every one")) {
            item.as(kind).ifPresent(pattern -> {
                if (!patterns.add(pattern)) {
                    item.problem("'" + pattern + "' is listed twice");
                } else if (key.equals("types") && isUnknown(pattern)) {
                    item.warning("HighLevel documents no type like '" + pattern + "'"
                            + Spelling.hint(pattern, catalogue.types()));
                }
            });
        }
        return List.copyOf(patterns);
    }

    private boolean isUnknown(String pattern) {
        return catalogue.types().stream().noneMatch(type -> Subscriber.matches(pattern, type));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
