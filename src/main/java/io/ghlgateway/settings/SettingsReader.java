package io.ghlgateway.settings;

import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.settings.Settings.Admin;
import io.ghlgateway.settings.Settings.Drain;
import io.ghlgateway.settings.Settings.Limits;
import io.ghlgateway.settings.Settings.Redis;
import io.ghlgateway.settings.Settings.Retry;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.settings.Settings.Upstream;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which keys there are, of which kind, and what they are when unsaid. A wrong value is reported and its default taken, so
 * what comes back is only of use when nothing was reported.
 */
final class SettingsReader {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MIB = 1 << 20;
    private static final Kind<Duration> PAUSE = Kind.duration(Duration.ZERO, DAY);

    private SettingsReader() {}

    static Settings read(Section root) {
        var tls = new TlsReader();
        ProxySettings proxy = root.section("proxy", tls.door("proxy", SettingsReader::proxy));
        PublicSettings publicDoor = root.section("public", tls.door("public", SettingsReader::publicDoor));
        Admin admin = root.section("admin", tls.door("admin", AdminReader::read));
        Upstream upstream = root.section("upstream", tls.upstream(SettingsReader::upstream));
        Optional<Redis> redis = root.optional("redis", SettingsReader::redis);
        Limits limits = root.section("limits", SettingsReader::limits);
        Lanes.Bounds queue = root.section("queue", SettingsReader::queue);
        Retry retry = root.section("retry", SettingsReader::retry);
        Drain drain = root.section("drain", SettingsReader::drain);
        var appReader = new AppReader(publicDoor.url(), upstream.baseUrl());
        var apps = appReader.read(root);
        boolean installs = !root.items("apps").isEmpty();
        CredentialSettings credentials = root.section("credentials", s -> credentials(s, installs, root.has("redis")));
        var webhooks = new WebhookReader(installs).read(root);
        var tenantReader = new TenantReader(appReader.ids(), installs);
        var tenants = tenantReader.read(root);
        var rights = new RightsReader(tenantReader.ids(), tenantReader.tags(), tenantReader.apps(), installs);
        var issuers = new IssuerReader().read(root);
        var callers = new CallerReader(tenants, rights, installs, admin.key().isPresent(), root.has("jwt")).read(root);
        LogFormat logFormat = root.section("log", s -> s.read("format", Kind.LOG_FORMAT, Settings.LOG_FORMAT));
        Optional<TracingSettings> tracing = root.optional("tracing", TracingReader::read);
        AdminReader.apart(root, admin, callers);
        warnOfUnused(root, tenants, callers);
        return new Settings(
                proxy,
                reachable(publicDoor, apps),
                admin,
                tls.settings(),
                upstream,
                redis,
                limits,
                queue,
                retry,
                drain,
                apps,
                credentials,
                webhooks,
                tenants,
                callers,
                issuers,
                logFormat,
                tracing);
    }

    private static void warnOfUnused(Section root, List<TenantSettings> tenants, List<CallerSettings> callers) {
        var unused = tenants.stream()
                .map(TenantSettings::tenant)
                .filter(tenant ->
                        callers.stream().noneMatch(caller -> caller.caller().mayActFor(tenant)))
                .map(Tenant::id)
                .toList();
        if (!unused.isEmpty() && !callers.isEmpty()) {
            root.warning(
                    "tenants",
                    "nobody may use "
                            + unused.stream()
                                    .limit(10)
                                    .map(id -> "'" + id + "'")
                                    .collect(Collectors.joining(", "))
                            + (unused.size() > 10 ? " and " + (unused.size() - 10) + " more" : "")
                            + ": no caller lists them");
        }
    }

    private static ProxySettings proxy(Section s) {
        var d = ProxySettings.DEFAULTS;
        return new ProxySettings(
                s.read("host", Kind.HOST, d.host()),
                s.read("port", Kind.PORT, d.port()),
                s.read("max-body", Kind.size(1, 1L << 40), d.maxBody()),
                s.read("max-header-bytes", Kind.smallSize(8 << 10, MIB), d.maxHeaderBytes()),
                s.read("replay-body", Kind.smallSize(0, 64 * MIB), d.replayBody()),
                s.read("header-timeout", Kind.UP_TO_A_DAY, d.headerTimeout()),
                s.read("body-timeout", Kind.UP_TO_A_DAY, d.bodyTimeout()),
                s.read("idle-timeout", Kind.UP_TO_A_DAY, d.idleTimeout()),
                s.read("write-timeout", Kind.UP_TO_A_DAY, d.writeTimeout()),
                s.read("max-connections", Kind.whole(1, 10_000_000)),
                s.read("loops", Kind.whole(0, 1_024), d.loops()));
    }

    private static PublicSettings publicDoor(Section s) {
        var d = PublicSettings.DEFAULTS;
        return new PublicSettings(
                s.read("host", Kind.HOST, d.host()), s.read("port", Kind.PORT, d.port()), s.read("url", Kind.BASE_URL));
    }

    /** HighLevel sends customers to an app's redirect URI: that is where the outside reaches the door. */
    private static PublicSettings reachable(PublicSettings door, List<AppSettings> apps) {
        return new PublicSettings(
                door.host(),
                door.port(),
                door.url()
                        .or(() -> apps.stream()
                                .map(app -> URI.create(app.client().redirectUri()))
                                .map(uri -> URI.create(uri.getScheme() + "://" + uri.getRawAuthority()))
                                .findFirst()));
    }

    /** @param installs whether there are apps, so that there will be tokens to keep */
    private static CredentialSettings credentials(Section s, boolean installs, boolean redis) {
        var d = CredentialSettings.DEFAULTS;
        var journal = s.read("journal", Kind.JOURNAL, d.journal());
        if (installs && !s.hasSecret("encryption-key")) {
            s.problem(
                    "encryption-key",
                    "is missing, and apps' tokens are kept encrypted only; to make one, run: keys encryption");
        }
        if (installs && !redis && journal.isEmpty()) {
            s.problem("journal", "none, and no redis: apps' tokens could be kept nowhere; name a directory");
        }
        return new CredentialSettings(
                journal,
                s.secret("encryption-key", Kind.ENCRYPTION_KEY),
                s.read("enforce-scopes", Kind.FLAG, d.enforceScopes()));
    }

    private static Upstream upstream(Section s) {
        var d = Upstream.DEFAULTS;
        URI baseUrl = s.read("base-url", Kind.BASE_URL, d.baseUrl());
        if (WebUrl.isExposed(baseUrl)) {
            s.warning("base-url", "tokens travel unencrypted to " + baseUrl.getHost());
        }
        return new Upstream(
                baseUrl,
                s.read("user-agent", Kind.PRODUCT)
                        .map(product -> Optional.of(product).filter(text -> !text.equals("passthrough")))
                        .orElse(d.userAgent()),
                s.read("connections", Kind.whole(1, 65_535), d.connections()),
                s.read("connect-timeout", Kind.UP_TO_A_DAY, d.connectTimeout()),
                s.read("response-timeout", Kind.UP_TO_A_DAY, d.responseTimeout()),
                s.read("idle-timeout", Kind.UP_TO_A_DAY, d.idleTimeout()),
                s.read("event-idle-timeout", Kind.UP_TO_A_DAY, d.eventIdleTimeout()));
    }

    private static Optional<Redis> redis(Section s) {
        Optional<Secret> uri = s.requiredSecret("uri", Kind.REDIS_URI);
        boolean cluster = s.read("cluster", Kind.FLAG, Redis.CLUSTER);
        String prefix = s.read("prefix", Kind.PREFIX, Redis.PREFIX);
        Duration timeout = s.read("command-timeout", Kind.duration(MILLI, HOUR), Redis.COMMAND_TIMEOUT);
        Optional<Redis> redis = uri.map(there -> new Redis(there, cluster, prefix, timeout));
        redis.flatMap(there -> there.address().contradiction())
                .ifPresent(said -> s.problem(s.has("uri") ? "uri" : "uri-file", said));
        return redis;
    }

    private static Limits limits(Section s) {
        var d = Limits.DEFAULTS;
        int daily =
                s.read("daily", Kind.whole(1, 1_000_000_000), (int) d.quota().daily());
        boolean learn = s.read("learn", Kind.FLAG, d.learn());
        Duration maxWait = s.read("max-wait", Kind.UP_TO_A_DAY, d.maxWait());
        Duration defaultWait = s.read("default-wait", PAUSE, shorter(d.defaultWait(), maxWait));
        int windows = s.read("windows", Kind.whole(2, 512), d.windows());
        Duration guard = s.read("guard", Kind.duration(MILLI, HOUR), d.guard());
        Duration permitTtl = s.read("permit-ttl", Kind.duration(MILLI, HOUR), d.permitTtl());
        var journal = s.read("journal", Kind.JOURNAL, d.journal());
        Optional<Limit> quota = s.section("burst", burst -> {
            int requests =
                    burst.read("requests", Kind.whole(1, 1_000_000), d.quota().requests());
            Duration per = burst.read(
                    "per", Kind.duration(Duration.ofMillis(10), HOUR), d.quota().per());
            return areInOrder(s, "guard", guard, burst, "per", per)
                    ? Optional.of(new Limit(requests, per, daily))
                    : Optional.empty();
        });
        var routes = s.has("routes") ? new RouteLimitReader(guard).read(s) : d.routes();
        Optional<Integer> reserve = s.optional("reserve", part -> part.required("interactive", Kind.MINOR_PART))
                .or(d::reserve);
        boolean guarded = areInOrder(s, "permit-ttl", permitTtl, s, "guard", guard);
        if (defaultWait.compareTo(maxWait) > 0) {
            s.problem("default-wait", written(defaultWait) + " is longer than limits.max-wait, " + written(maxWait));
            return d;
        }
        return guarded && quota.isPresent()
                ? new Limits(
                        quota.get(), learn, maxWait, defaultWait, windows, guard, permitTtl, journal, routes, reserve)
                : d;
    }

    /** If the first is not the shorter, reports that at the first; at the second if the first is a default. */
    private static boolean areInOrder(
            Section s, String key, Duration shorter, Section other, String otherKey, Duration longer) {
        boolean holds = shorter.compareTo(longer) < 0;
        if (!holds && s.has(key)) {
            s.problem(
                    key,
                    written(shorter) + " must be shorter than " + other.path() + "." + otherKey + ", "
                            + written(longer));
        } else if (!holds) {
            other.problem(
                    otherKey,
                    written(longer) + " must be longer than " + s.path() + "." + key + ", " + written(shorter));
        }
        return holds;
    }

    private static Lanes.Bounds queue(Section s) {
        var d = Settings.QUEUE;
        return new Lanes.Bounds(
                s.read("per-lane", Kind.whole(1, 1_000_000), d.perLane()),
                s.read("total", Kind.whole(1, 10_000_000), d.total()),
                s.read("bytes", Kind.size(1, 1L << 40), d.bytes()));
    }

    private static Retry retry(Section s) {
        var d = Retry.DEFAULTS;
        return new Retry(
                s.read("attempts", Kind.whole(1, 10), d.attempts()),
                s.read("budget-percent", Kind.whole(0, 100), d.budgetPercent()),
                s.read("budget-per-second", Kind.whole(0, 10_000), d.budgetPerSecond()),
                Set.copyOf(s.values("unsafe-methods", Kind.UNSAFE_METHOD)));
    }

    private static Drain drain(Section s) {
        return new Drain(
                s.read("lame-duck", PAUSE, Drain.DEFAULTS.lameDuck()),
                s.read("timeout", Kind.UP_TO_A_DAY, Drain.DEFAULTS.timeout()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String written(Duration duration) {
        return Units.TIME.format(duration.toMillis());
    }
}
