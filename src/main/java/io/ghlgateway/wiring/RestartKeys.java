package io.ghlgateway.wiring;

import io.ghlgateway.http.TlsFiles;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.Redis;
import io.ghlgateway.settings.TracingSettings;
import java.util.List;
import java.util.Set;

/** The keys of the configuration that only a start takes over: what they say is built in then, or has state that stays. */
final class RestartKeys {

    private static final Traits<Settings> KEYS = new Traits<Settings>()
            .with("proxy.host", s -> s.proxy().host())
            .with("proxy.port", s -> s.proxy().port())
            .with("proxy.max-body", s -> s.proxy().maxBody())
            .with("proxy.max-header-bytes", s -> s.proxy().maxHeaderBytes())
            .with("proxy.replay-body", s -> s.proxy().replayBody())
            .with("proxy.header-timeout", s -> s.proxy().headerTimeout())
            .with("proxy.body-timeout", s -> s.proxy().bodyTimeout())
            .with("proxy.idle-timeout", s -> s.proxy().idleTimeout())
            .with("proxy.write-timeout", s -> s.proxy().writeTimeout())
            .with("proxy.max-connections", s -> s.proxy().maxConnections())
            .with("proxy.loops", s -> s.proxy().loops())
            .with("proxy.tls.certificate", s -> s.tls().proxy().map(TlsFiles::certificate))
            .with("proxy.tls.key", s -> s.tls().proxy().map(TlsFiles::key))
            .with("proxy.tls.client-ca", s -> s.tls().proxy().flatMap(TlsFiles::clientCa))
            .with("admin.host", s -> s.admin().host())
            .with("admin.port", s -> s.admin().port())
            .with("admin.audit", s -> s.admin().audit())
            .with("admin.hash-ids", s -> s.admin().hashIds())
            .with("admin.tls.certificate", s -> s.tls().admin().map(TlsFiles::certificate))
            .with("admin.tls.key", s -> s.tls().admin().map(TlsFiles::key))
            .with("public.host", s -> s.publicDoor().host())
            .with("public.port", s -> s.publicDoor().port())
            .with("public.url", s -> s.publicDoor().url())
            .with("public.tls.certificate", s -> s.tls().publicDoor().map(TlsFiles::certificate))
            .with("public.tls.key", s -> s.tls().publicDoor().map(TlsFiles::key))
            .with("upstream.base-url", s -> s.upstream().baseUrl())
            .with("upstream.user-agent", s -> s.upstream().userAgent())
            .with("upstream.connections", s -> s.upstream().connections())
            .with("upstream.connect-timeout", s -> s.upstream().connectTimeout())
            .with("upstream.response-timeout", s -> s.upstream().responseTimeout())
            .with("upstream.idle-timeout", s -> s.upstream().idleTimeout())
            .with("upstream.event-idle-timeout", s -> s.upstream().eventIdleTimeout())
            .with("upstream.ca", s -> s.tls().upstreamCa())
            .with("redis.uri", s -> s.redis().map(Redis::uri))
            .with("redis.cluster", s -> s.redis().map(Redis::cluster).orElse(Redis.CLUSTER))
            .with("redis.prefix", s -> s.redis().map(Redis::prefix).orElse(Redis.PREFIX))
            .with(
                    "redis.command-timeout",
                    s -> s.redis().map(Redis::commandTimeout).orElse(Redis.COMMAND_TIMEOUT))
            .with("limits.burst.per", s -> s.limits().quota().per())
            .with("limits.learn", s -> s.limits().learn())
            .with("limits.windows", s -> s.limits().windows())
            .with("limits.guard", s -> s.limits().guard())
            .with("limits.permit-ttl", s -> s.limits().permitTtl())
            .with("limits.journal", s -> s.limits().journal())
            .with("queue.per-lane", s -> s.queue().perLane())
            .with("queue.total", s -> s.queue().total())
            .with("queue.bytes", s -> s.queue().bytes())
            .with("retry.attempts", s -> s.retry().attempts())
            .with("retry.budget-percent", s -> s.retry().budgetPercent())
            .with("retry.budget-per-second", s -> s.retry().budgetPerSecond())
            .with("retry.unsafe-methods", s -> s.retry().unsafeMethods())
            .with("drain.lame-duck", s -> s.drain().lameDuck())
            .with("drain.timeout", s -> s.drain().timeout())
            .with("log.format", Settings::logFormat)
            .with("tracing.endpoint", s -> s.tracing().map(TracingSettings::endpoint))
            .with("tracing.headers", s -> s.tracing().map(TracingSettings::headers))
            .with("tracing.service-name", s -> s.tracing().map(TracingSettings::serviceName))
            .with("tracing.sampling-ratio", s -> s.tracing().map(TracingSettings::samplingRatio))
            .with("tracing.propagate", s -> s.tracing().map(TracingSettings::propagate))
            .with("apps", Settings::apps)
            .with("credentials.journal", s -> s.credentials().journal())
            .with("credentials.encryption-key", s -> s.credentials().encryptionKey())
            .with("credentials.enforce-scopes", s -> s.credentials().enforceScopes())
            .with("webhooks.max-body", s -> s.webhooks().maxBody())
            .with("webhooks.rsa-until", s -> s.webhooks().rsaUntil())
            .with("webhooks.at-once", s -> s.webhooks().atOnce())
            .with("webhooks.timeout", s -> s.webhooks().timeout())
            .with("webhooks.first-pause", s -> s.webhooks().firstPause())
            .with("webhooks.longest-pause", s -> s.webhooks().longestPause())
            .with("webhooks.give-up-after", s -> s.webhooks().giveUpAfter())
            .with("webhooks.backlog", s -> s.webhooks().backlog())
            .with("webhooks.follower-wait", s -> s.webhooks().followerWait())
            .with("subscribers", s -> s.webhooks().subscribers());

    private RestartKeys() {}

    /** All of them, those of sections with all that is in them. */
    static Set<String> names() {
        return KEYS.names();
    }

    /** Those that say something else now, in the order of the reference configuration. */
    static List<String> changed(Settings before, Settings now) {
        return KEYS.changed(before, now);
    }
}
