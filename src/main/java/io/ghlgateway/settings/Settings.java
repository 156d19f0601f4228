package io.ghlgateway.settings;

import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.edge.TrustedIssuer;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.limits.RouteLimit.Scope;
import io.ghlgateway.redis.RedisAddress;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that an operator can set. Immutable; no caller's key is kept in it, and no secret shows in its {@code toString}.
 * Each part's {@code DEFAULTS} are what {@code conf/gateway.yaml} states and explains.
 *
 * @param redis where budgets are shared by replicas; empty: they live in this process
 * @param apps ids unique
 * @param tenants ids unique; at least one unless there are apps
 * @param callers names and keys unique; at least one unless there are apps, for then they can be made at run time
 * @param issuers of the tokens that callers may come with instead of a key; their names unique
 * @param tracing empty: requests are not traced
 */
public record Settings(
        ProxySettings proxy,
        PublicSettings publicDoor,
        Admin admin,
        TlsSettings tls,
        Upstream upstream,
        Optional<Redis> redis,
        Limits limits,
        Lanes.Bounds queue,
        Retry retry,
        Drain drain,
        List<AppSettings> apps,
        CredentialSettings credentials,
        WebhookSettings webhooks,
        List<TenantSettings> tenants,
        List<CallerSettings> callers,
        List<TrustedIssuer> issuers,
        LogFormat logFormat,
        Optional<TracingSettings> tracing) {

    /** What is set where nothing is said of it, as {@link #QUEUE} is. */
    public static final LogFormat LOG_FORMAT = LogFormat.HUMAN;

    public static final Lanes.Bounds QUEUE = new Lanes.Bounds(5_000, 20_000, 256L << 20);

    public Settings {
        issuers = List.copyOf(issuers);
        apps = List.copyOf(apps);
        tenants = List.copyOf(tenants);
        callers = List.copyOf(callers);
    }

    /** The gateway's own: that of its jar, or {@code dev} for classes that run unpacked. */
    public static String version() {
        return Optional.ofNullable(Settings.class.getPackage().getImplementationVersion())
                .orElse("dev");
    }

    /** Of each tenant what requests are judged by, without its token. */
    public List<Tenant> bareTenants() {
        return tenants.stream().map(TenantSettings::tenant).toList();
    }

    public Set<String> callerNames() {
        return callers.stream().map(CallerSettings::name).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The operators' door.
     *
     * @param port 0: any free one
     * @param key empty: only GETs answer, and only on loopback ({@code /metrics} and {@code /health/*} always do)
     * @param readKey shows and changes nothing; empty: there is none
     * @param audit the file that changes are told to before they are made; empty: the log alone
     * @param hashIds whether metrics name locations and companies by a hash of their ids
     */
    public record Admin(
            String host,
            int port,
            Optional<Secret> key,
            Optional<Secret> readKey,
            Optional<Path> audit,
            boolean hashIds) {

        public static final Admin DEFAULTS =
                new Admin("127.0.0.1", 9091, Optional.empty(), Optional.empty(), Optional.empty(), false);

        public Admin at(String host, int port) {
            return new Admin(host, port, key, readKey, audit, hashIds);
        }
    }

    /**
     * HighLevel.
     *
     * @param baseUrl scheme, host and perhaps a port; nothing else
     * @param userAgent empty: the caller's own passes through
     * @param connections at most, for each event loop
     * @param responseTimeout of each attempt, from its sending to the reply's headers
     * @param idleTimeout of a reply's body that stalls, and of an idle connection
     * @param eventIdleTimeout of a reply that is an event stream, where silence is usual
     */
    public record Upstream(
            URI baseUrl,
            Optional<String> userAgent,
            int connections,
            Duration connectTimeout,
            Duration responseTimeout,
            Duration idleTimeout,
            Duration eventIdleTimeout) {

        public static final Upstream DEFAULTS = new Upstream(
                URI.create("https://services.leadconnectorhq.com"),
                Optional.of("ghl-gateway/" + version()),
                256,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(15));

        public Upstream at(URI baseUrl) {
            return new Upstream(
                    baseUrl, userAgent, connections, connectTimeout, responseTimeout, idleTimeout, eventIdleTimeout);
        }
    }

    /**
     * Where replicas meet.
     *
     * @param uri {@code redis://}, {@code rediss://} or {@code redis-sentinel://}; may hold a password
     * @param cluster whether it names nodes of a Redis Cluster
     * @param prefix of every key written
     * @param commandTimeout of a budget's command
     */
    public record Redis(Secret uri, boolean cluster, String prefix, Duration commandTimeout) {

        public static final boolean CLUSTER = false;
        public static final String PREFIX = "ghl";
        public static final Duration COMMAND_TIMEOUT = Duration.ofMillis(100);

        /** Throws where the loader would have refused it. */
        public RedisAddress address() {
            return RedisAddress.parse(uri::reveal, cluster)
                    .orElseThrow(() -> new IllegalArgumentException("redis.uri is no Redis URI"));
        }
    }

    /**
     * Budgets and waiting.
     *
     * @param quota of a key until HighLevel's headers say otherwise
     * @param learn whether those headers are believed
     * @param maxWait the longest patience a caller may ask for
     * @param defaultWait the patience of a caller that does not say
     * @param windows staggered windows that make up the strict one
     * @param guard how much longer than the quota's interval each stretch is kept to it
     * @param permitTtl how soon after the clock reading that paid for it a request must be written; shorter than the guard
     * @param journal directory of the record of recent sends, used while there is no Redis; empty: none is kept
     * @param routes limits of some endpoints, beside the quota; no two of the same paths and scope
     * @param reserve for interactive requests, in percent of each quota, 1 to 50; empty: none
     */
    public record Limits(
            Limit quota,
            boolean learn,
            Duration maxWait,
            Duration defaultWait,
            int windows,
            Duration guard,
            Duration permitTtl,
            Optional<Path> journal,
            List<RouteLimit> routes,
            Optional<Integer> reserve) {

        /** The one that HighLevel documents. */
        static final RouteLimit AGENT_STUDIO = new RouteLimit(
                PathPattern.parse("/agent-studio/**").orElseThrow(), 300, Duration.ofMinutes(1), Scope.LOCATION);

        public static final Limits DEFAULTS = new Limits(
                new Limit(100, Duration.ofSeconds(10), 200_000),
                true,
                Duration.ofSeconds(300),
                Duration.ofSeconds(25),
                64,
                Duration.ofMillis(160),
                Duration.ofMillis(50),
                Optional.of(Path.of("./data")),
                List.of(AGENT_STUDIO),
                Optional.empty());

        public Limits withoutJournal() {
            return new Limits(
                    quota, learn, maxWait, defaultWait, windows, guard, permitTtl, Optional.empty(), routes, reserve);
        }

        public Limits {
            routes = List.copyOf(routes);
            if (permitTtl.compareTo(guard) >= 0
                    || guard.compareTo(quota.per()) >= 0
                    || defaultWait.compareTo(maxWait) > 0) {
                throw new IllegalArgumentException(
                        "limits need permit-ttl < guard < per, and default-wait <= max-wait");
            }
        }
    }

    /**
     * Trying again.
     *
     * @param attempts in all, the first included
     * @param budgetPercent of recent requests that may be retries after something was written, on top of
     *     {@code budgetPerSecond}
     * @param unsafeMethods sent again after a failure that may have been executed, besides GET, HEAD and OPTIONS
     */
    public record Retry(int attempts, int budgetPercent, int budgetPerSecond, Set<HttpMethod> unsafeMethods) {

        public static final Retry DEFAULTS = new Retry(3, 20, 10, Set.of());

        public Retry {
            unsafeMethods = Set.copyOf(unsafeMethods);
        }
    }

    /**
     * The end.
     *
     * @param lameDuck how long the gateway goes on as ever, but not ready, before it stops taking requests
     * @param timeout how long requests under way may take from then on
     */
    public record Drain(Duration lameDuck, Duration timeout) {

        public static final Drain DEFAULTS = new Drain(Duration.ZERO, Duration.ofSeconds(30));
    }

    /**
     * A tenant.
     *
     * @param token the private integration token that opens it; empty: it is a name for an installation of its app
     */
    public record TenantSettings(Tenant tenant, Optional<Secret> token) {}
}
