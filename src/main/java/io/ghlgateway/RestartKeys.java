package io.ghlgateway;

import io.ghlgateway.http.TlsFiles;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.Redis;
import io.ghlgateway.settings.TracingSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The keys of the configuration that only a start takes over: what they say is built in then, or has state that stays. */
final class RestartKeys {

    private static final Map<String, Function<Settings, Object>> KEYS = keys();

    private RestartKeys() {}

    /** All of them, those of sections with all that is in them. */
    static Set<String> names() {
        return KEYS.keySet();
    }

    /** Those that say something else now, in the order of the reference configuration. */
    static List<String> changed(Settings before, Settings now) {
        return KEYS.entrySet().stream()
                .filter(key ->
                        !key.getValue().apply(before).equals(key.getValue().apply(now)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Function<Settings, Object>> keys() {
        Map<String, Function<Settings, Object>> keys = new LinkedHashMap<>();
        doors(keys);
        upstream(keys);
        keys.put("limits.burst.per", s -> s.limits().quota().per());
        keys.put("limits.learn", s -> s.limits().learn());
        keys.put("limits.windows", s -> s.limits().windows());
        keys.put("limits.guard", s -> s.limits().guard());
        keys.put("limits.permit-ttl", s -> s.limits().permitTtl());
        keys.put("limits.journal", s -> s.limits().journal());
        keys.put("queue.per-lane", s -> s.queue().perLane());
        keys.put("queue.total", s -> s.queue().total());
        keys.put("queue.bytes", s -> s.queue().bytes());
        keys.put("retry.attempts", s -> s.retry().attempts());
        keys.put("retry.budget-percent", s -> s.retry().budgetPercent());
        keys.put("retry.budget-per-second", s -> s.retry().budgetPerSecond());
        keys.put("retry.unsafe-methods", s -> s.retry().unsafeMethods());
        keys.put("drain.lame-duck", s -> s.drain().lameDuck());
        keys.put("drain.timeout", s -> s.drain().timeout());
        keys.put("log.format", Settings::logFormat);
        tracing(keys);
        keys.put("apps", Settings::apps);
        keys.put("credentials.journal", s -> s.credentials().journal());
        keys.put("credentials.encryption-key", s -> s.credentials().encryptionKey());
        keys.put("credentials.enforce-scopes", s -> s.credentials().enforceScopes());
        webhooks(keys);
        return keys;
    }

    private static void doors(Map<String, Function<Settings, Object>> keys) {
        keys.put("proxy.host", s -> s.proxy().host());
        keys.put("proxy.port", s -> s.proxy().port());
        keys.put("proxy.max-body", s -> s.proxy().maxBody());
        keys.put("proxy.max-header-bytes", s -> s.proxy().maxHeaderBytes());
        keys.put("proxy.replay-body", s -> s.proxy().replayBody());
        keys.put("proxy.header-timeout", s -> s.proxy().headerTimeout());
        keys.put("proxy.body-timeout", s -> s.proxy().bodyTimeout());
        keys.put("proxy.idle-timeout", s -> s.proxy().idleTimeout());
        keys.put("proxy.write-timeout", s -> s.proxy().writeTimeout());
        keys.put("proxy.max-connections", s -> s.proxy().maxConnections());
        keys.put("proxy.loops", s -> s.proxy().loops());
        keys.put("proxy.tls.certificate", s -> s.tls().proxy().map(TlsFiles::certificate));
        keys.put("proxy.tls.key", s -> s.tls().proxy().map(TlsFiles::key));
        keys.put("proxy.tls.client-ca", s -> s.tls().proxy().flatMap(TlsFiles::clientCa));
        keys.put("admin.host", s -> s.admin().host());
        keys.put("admin.port", s -> s.admin().port());
        keys.put("admin.audit", s -> s.admin().audit());
        keys.put("admin.hash-ids", s -> s.admin().hashIds());
        keys.put("admin.tls.certificate", s -> s.tls().admin().map(TlsFiles::certificate));
        keys.put("admin.tls.key", s -> s.tls().admin().map(TlsFiles::key));
        keys.put("public.host", s -> s.publicDoor().host());
        keys.put("public.port", s -> s.publicDoor().port());
        keys.put("public.url", s -> s.publicDoor().url());
        keys.put("public.tls.certificate", s -> s.tls().publicDoor().map(TlsFiles::certificate));
        keys.put("public.tls.key", s -> s.tls().publicDoor().map(TlsFiles::key));
    }

    private static void upstream(Map<String, Function<Settings, Object>> keys) {
        keys.put("upstream.base-url", s -> s.upstream().baseUrl());
        keys.put("upstream.user-agent", s -> s.upstream().userAgent());
        keys.put("upstream.connections", s -> s.upstream().connections());
        keys.put("upstream.connect-timeout", s -> s.upstream().connectTimeout());
        keys.put("upstream.response-timeout", s -> s.upstream().responseTimeout());
        keys.put("upstream.idle-timeout", s -> s.upstream().idleTimeout());
        keys.put("upstream.event-idle-timeout", s -> s.upstream().eventIdleTimeout());
        keys.put("upstream.ca", s -> s.tls().upstreamCa());
        keys.put("redis.uri", s -> s.redis().map(Redis::uri));
        keys.put("redis.cluster", s -> s.redis().map(Redis::cluster).orElse(Redis.CLUSTER));
        keys.put("redis.prefix", s -> s.redis().map(Redis::prefix).orElse(Redis.PREFIX));
        keys.put(
                "redis.command-timeout",
                s -> s.redis().map(Redis::commandTimeout).orElse(Redis.COMMAND_TIMEOUT));
    }

    private static void tracing(Map<String, Function<Settings, Object>> keys) {
        keys.put("tracing.endpoint", s -> s.tracing().map(TracingSettings::endpoint));
        keys.put("tracing.headers", s -> s.tracing().map(TracingSettings::headers));
        keys.put("tracing.service-name", s -> s.tracing().map(TracingSettings::serviceName));
        keys.put("tracing.sampling-ratio", s -> s.tracing().map(TracingSettings::samplingRatio));
        keys.put("tracing.propagate", s -> s.tracing().map(TracingSettings::propagate));
    }

    private static void webhooks(Map<String, Function<Settings, Object>> keys) {
        keys.put("webhooks.max-body", s -> s.webhooks().maxBody());
        keys.put("webhooks.rsa-until", s -> s.webhooks().rsaUntil());
        keys.put("webhooks.at-once", s -> s.webhooks().atOnce());
        keys.put("webhooks.timeout", s -> s.webhooks().timeout());
        keys.put("webhooks.first-pause", s -> s.webhooks().firstPause());
        keys.put("webhooks.longest-pause", s -> s.webhooks().longestPause());
        keys.put("webhooks.give-up-after", s -> s.webhooks().giveUpAfter());
        keys.put("webhooks.backlog", s -> s.webhooks().backlog());
        keys.put("webhooks.follower-wait", s -> s.webhooks().followerWait());
        keys.put("subscribers", s -> s.webhooks().subscribers());
    }
}
