package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.Admin;
import io.ghlgateway.settings.Settings.Drain;
import io.ghlgateway.settings.Settings.Limits;
import io.ghlgateway.settings.Settings.Redis;
import io.ghlgateway.settings.Settings.Retry;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.settings.Settings.Upstream;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Settings without a file: one tenant and one caller, both called {@value #NAME}, and defaults for the rest. */
final class EnvironmentReader {

    private static final String NAME = "default";
    private static final String PREFIX = "GHL_";
    private static final String ELSE = ", or pass --config FILE";

    /** All that are read, each with the file's key for the same. */
    private static final Map<String, String> KEYS = new TreeMap<>(Map.of(
            "GHL_TOKEN", "tenants",
            "GHL_LOCATION", "tenants",
            "GHL_COMPANY", "tenants",
            "GHL_GATEWAY_KEY", "callers",
            "GHL_BASE_URL", "upstream.base-url",
            "GHL_PROXY_HOST", "proxy.host",
            "GHL_PROXY_PORT", "proxy.port",
            "GHL_ADMIN_PORT", "admin.port",
            "GHL_REDIS_URI", "redis.uri",
            "GHL_REDIS_CLUSTER", "redis.cluster"));

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    EnvironmentReader(Map<String, String> environment) {
        this.environment = environment;
    }

    Loaded read(Supplier<Secret> keyMaker) {
        if (!has("GHL_TOKEN")) {
            problems.add("GHL_TOKEN is not set: set it to the private integration token" + ELSE);
        }
        Optional<Secret> token = read("GHL_TOKEN", Kind.SECRET);
        Optional<Resource> resource = resource();
        Optional<CallerKey> key = read("GHL_GATEWAY_KEY", Kind.SECRET).map(CallerKey::of);
        var upstream =
                read("GHL_BASE_URL", Kind.BASE_URL).map(Upstream.DEFAULTS::at).orElse(Upstream.DEFAULTS);
        var redis = redis();
        var proxyHost = read("GHL_PROXY_HOST", Kind.HOST).orElse(ProxySettings.DEFAULTS.host());
        int proxyPort = read("GHL_PROXY_PORT", Kind.PORT).orElse(ProxySettings.DEFAULTS.port());
        int adminPort = read("GHL_ADMIN_PORT", Kind.PORT).orElse(Admin.DEFAULTS.port());
        if (!problems.isEmpty() || token.isEmpty() || resource.isEmpty()) {
            return new Loaded.Refused(problems, warnings());
        }
        var tenant = new Tenant(NAME, App.PRIVATE, resource.get());
        var caller = CallerSettings.of(
                NAME, key.orElseGet(() -> CallerKey.of(keyMaker.get())), Reach.of(Set.of(NAME)), Optional.of(NAME));
        var settings = new Settings(
                ProxySettings.DEFAULTS.at(proxyHost, proxyPort),
                PublicSettings.DEFAULTS,
                Admin.DEFAULTS.at(Admin.DEFAULTS.host(), adminPort),
                TlsSettings.NONE,
                upstream,
                redis,
                Limits.DEFAULTS,
                Settings.QUEUE,
                Retry.DEFAULTS,
                Drain.DEFAULTS,
                List.of(),
                CredentialSettings.DEFAULTS,
                WebhookSettings.DEFAULTS,
                List.of(new TenantSettings(tenant, token)),
                List.of(caller),
                List.of(),
                Settings.LOG_FORMAT,
                Optional.empty());
        return new Loaded.Ready(settings, warnings(), List.of());
    }

    private Optional<Redis> redis() {
        var uri = read("GHL_REDIS_URI", Kind.REDIS_URI);
        boolean cluster = read("GHL_REDIS_CLUSTER", Kind.FLAG).orElse(Redis.CLUSTER);
        var redis = uri.map(there -> new Redis(there, cluster, Redis.PREFIX, Redis.COMMAND_TIMEOUT));
        redis.flatMap(there -> there.address().contradiction())
                .ifPresent(said -> problems.add("GHL_REDIS_URI "
                        + said.replace("redis.cluster is", "GHL_REDIS_CLUSTER is")
                                .replace("set redis.cluster", "set GHL_REDIS_CLUSTER")));
        return redis;
    }

    private Optional<Resource> resource() {
        boolean location = has("GHL_LOCATION");
        boolean company = has("GHL_COMPANY");
        if (location && company) {
            problems.add("GHL_LOCATION and GHL_COMPANY are both set: keep the one that GHL_TOKEN was made for");
        } else if (!location && !company) {
            problems.add(
                    "neither GHL_LOCATION nor GHL_COMPANY is set: set the one that GHL_TOKEN was made for to its id"
                            + ELSE);
        }
        var read = read("GHL_LOCATION", Kind.HIGHLEVEL_ID).map(Resource::location);
        return read.or(() -> read("GHL_COMPANY", Kind.HIGHLEVEL_ID).map(Resource::company));
    }

    private boolean has(String name) {
        return isSet(environment, name);
    }

    /** An empty variable is as good as none: that is what an unset one often becomes on its way through a template. */
    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }

    private <T> Optional<T> read(String name, Kind<T> kind) {
        if (!has(name)) {
            return Optional.empty();
        }
        String text = environment.get(name);
        Optional<T> value = kind.reader().apply(text);
        if (value.isEmpty()) {
            problems.add(name + ": " + kind.misses(text));
        }
        return value;
    }

    /** Others' variables may begin alike; only what looks like a slip of ours is worth a line. */
    private List<String> warnings() {
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !KEYS.containsKey(name))
                .sorted()
                .map(name -> Map.entry(name, Spelling.hint(name, KEYS.keySet())))
                .filter(hint -> !hint.getValue().isEmpty())
                .map(hint -> hint.getKey() + ": unknown variable" + hint.getValue())
                .toList();
    }

    /**
     * A warning for each that is set beside a file that does not ask for it: whoever set it believes that it counts.
     *
     * @param text the file's
     */
    static List<String> unread(Path file, String text, Map<String, String> environment) {
        return KEYS.keySet().stream()
                .filter(name -> isSet(environment, name) && !text.contains("${" + name))
                .map(name -> name + ": is set and not read, for it counts only without a file; " + file + " has "
                        + KEYS.get(name) + " for it")
                .toList();
    }
}
