package io.ghlgateway.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which Redis: one node, the master that Sentinels name, or a Cluster by some of its nodes. Holds secrets. */
public final class RedisAddress {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    private final List<RedisURI> uris;
    private final boolean cluster;

    private RedisAddress(List<RedisURI> uris, boolean cluster) {
        this.uris = uris;
        this.cluster = cluster;
    }

    /** As {@link #parse(Supplier, boolean)}. */
    public static Optional<RedisAddress> parse(String text, boolean cluster) {
        return parse(() -> text, cluster);
    }

    /**
     * Reads Lettuce's own form: {@code redis://}, {@code rediss://} or {@code redis-sentinel://HOST,HOST/DB#MASTER}, with
     * user and password if need be; of a Cluster, {@code redis://HOST:PORT,HOST:PORT}.
     *
     * @param text asked again for the password of each connection, which is not kept here; always the same
     * @return empty where the text is no such URI
     */
    public static Optional<RedisAddress> parse(Supplier<String> text, boolean cluster) {
        try {
            var uris = uris(text.get());
            uris.forEach(uri -> {
                uri.setTimeout(HANDSHAKE);
                uri.setCredentialsProvider(
                        () -> uris(text.get()).get(0).getCredentialsProvider().resolveCredentials());
            });
            return uris.isEmpty() ? Optional.empty() : Optional.of(new RedisAddress(List.copyOf(uris), cluster));
        } catch (IllegalArgumentException notAUri) {
            return Optional.empty();
        }
    }

    /** None where it is no such URI; or fails. */
    private static List<RedisURI> uris(String text) {
        if (!text.matches("(redis|rediss|redis-sentinel)://.+")) {
            return List.of();
        }
        var uri = RedisURI.create(text);
        if (!uri.getSentinels().isEmpty()) {
            return uri.getSentinelMasterId() == null ? List.of() : List.of(uri);
        }
        var nodes = uri.getHost() != null && uri.getHost().contains(",")
                ? RedisClusterURIUtil.toRedisURIs(URI.create(text))
                : List.of(uri);
        return nodes.stream().allMatch(node -> isHost(node.getHost())) ? nodes : List.of();
    }

    /** Lettuce takes what it can't make sense of for part of the host: a port that is no number, say. */
    private static boolean isHost(@Nullable String host) {
        return host != null && host.matches("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");
    }

    /** What can't be meant; quotes nothing of the address. */
    public Optional<String> contradiction() {
        if (!cluster) {
            return uris.size() == 1
                    ? Optional.empty()
                    : Optional.of("names several nodes, as only a Redis Cluster has: set redis.cluster to true");
        }
        if (isSentinel()) {
            return Optional.of(
                    "names Sentinels, but redis.cluster is true: a Cluster has none, name some of its nodes");
        }
        return uris.get(0).getDatabase() == 0
                ? Optional.empty()
                : Optional.of("names a database, but redis.cluster is true: a Cluster has database 0 only");
    }

    boolean isCluster() {
        return cluster;
    }

    boolean isSentinel() {
        return !uris.get(0).getSentinels().isEmpty();
    }

    List<RedisURI> uris() {
        return uris;
    }

    /** For logs: without user and password. */
    @Override
    public String toString() {
        return uris.stream()
                .flatMap(uri -> uri.getSentinels().isEmpty() ? List.of(uri).stream() : uri.getSentinels().stream())
                .map(uri -> uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(", "));
    }
}
