package io.ghlgateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.vertx.core.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Cluster, which counts as there only as a whole: each slot has a master, and to each master there is a connection. It
 * is down as soon as one of them is lost, and looked at again and again until all are there.
 */
final class ClusterWay implements Way {

    private final ClientResources resources;
    private final RedisClusterClient client;
    private final Told told;
    private final Activations activations = new Activations();
    private final Set<StatefulRedisConnection<byte[], byte[]>> heard =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile @Nullable StatefulRedisClusterConnection<byte[], byte[]> connection;
    private volatile boolean closed;
    private boolean looking; // these five guarded by this
    private boolean again;
    private boolean due;
    private boolean up;
    private Set<String> masters = Set.of();
    private Duration retry = RedisOptions.FIRST_RETRY;

    ClusterWay(List<RedisURI> uris, Duration commandTimeout, ClientResources resources, Told told) {
        this.resources = resources;
        this.told = told;
        this.client = RedisClusterClient.create(resources, uris);
        client.setOptions(RedisOptions.cluster(commandTimeout));
        client.addListener(activations);
    }

    @Override
    public void start() {
        resources
                .eventBus()
                .get()
                .filter(ClusterTopologyChangedEvent.class::isInstance)
                .subscribe(changed -> look());
        look();
    }

    /** Learns who is who now, and whether everybody is there. Calls during a look make for one more after it. */
    private void look() {
        synchronized (this) {
            if (looking || closed) {
                again = true;
                return;
            }
            looking = true;
            again = false;
        }
        Future.succeededFuture()
                .compose(now -> Future.fromCompletionStage(client.refreshPartitionsAsync()))
                .compose(fresh -> connected())
                .compose(this::whole)
                .onComplete((servers, failure) -> {
                    if (failure == null) {
                        found(servers.stream().map(RedisServer::name).collect(Collectors.toSet()));
                    } else {
                        missed(failure);
                    }
                });
    }

    private Future<StatefulRedisClusterConnection<byte[], byte[]>> connected() {
        var open = connection;
        return open != null
                ? Future.succeededFuture(open)
                : Future.fromCompletionStage(client.connectAsync(ByteArrayCodec.INSTANCE))
                        .onSuccess(made -> connection = made);
    }

    private Future<List<RedisServer>> whole(StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        var nodes = new ArrayList<RedisClusterNode>();
        int slots = 0;
        for (var node : cluster.getPartitions()) {
            if (isMaster(node)) {
                nodes.add(node);
                slots += node.getSlots().size();
            } else if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)) {
                meet(cluster, node);
            }
        }
        if (slots < SlotHash.SLOT_COUNT) {
            return Future.failedFuture(new RedisConnectionException(
                    (SlotHash.SLOT_COUNT - slots) + " slots of the Redis Cluster have no master"));
        }
        return Future.all(nodes.stream().map(node -> server(cluster, node)).toList())
                .map(all -> all.<RedisServer>list());
    }

    /** A master without slots may be sent some soon; commands that follow them find a connection then. */
    private static void meet(StatefulRedisClusterConnection<byte[], byte[]> cluster, RedisClusterNode node) {
        if (!node.is(RedisClusterNode.NodeFlag.FAIL)) {
            cluster.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort());
        }
    }

    private static boolean isMaster(RedisClusterNode node) {
        return node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                && !node.is(RedisClusterNode.NodeFlag.FAIL)
                && !node.hasNoSlots();
    }

    /** By host and port, as Lettuce finds the connection of a slot: so it is the same one. */
    private Future<RedisServer> server(StatefulRedisClusterConnection<byte[], byte[]> cluster, RedisClusterNode node) {
        var uri = node.getUri();
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> asked;
        try {
            asked = cluster.getConnectionAsync(uri.getHost(), uri.getPort());
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
        return Future.fromCompletionStage(asked).compose(open -> {
            listen(open);
            return activations
                    .of(open)
                    .compose(active -> open.isOpen()
                            ? Future.succeededFuture(new RedisServer(node.getNodeId(), open.async()))
                            : Future.failedFuture(new RedisConnectionException("not connected to " + uri.getHost() + ":"
                                    + uri.getPort() + " of the Redis Cluster")));
        });
    }

    private void listen(StatefulRedisConnection<byte[], byte[]> node) {
        if (heard.add(node)) {
            node.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                    lookLater(Duration.ZERO);
                }

                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                    lost();
                }
            });
        }
    }

    private void lost() {
        if (closed) {
            return;
        }
        boolean news;
        synchronized (this) {
            news = up;
            up = false;
            retry = RedisOptions.FIRST_RETRY;
        }
        if (news) {
            told.down();
        }
        lookLater(RedisOptions.FIRST_RETRY);
    }

    /** The same masters as before are no news. */
    private void found(Set<String> names) {
        boolean news;
        boolean more;
        synchronized (this) {
            looking = false;
            more = again;
            news = !up || !names.equals(masters);
            up = true;
            masters = names;
            retry = RedisOptions.FIRST_RETRY;
        }
        if (news) {
            told.up();
        }
        if (more) {
            lookLater(RedisOptions.FIRST_RETRY);
        }
    }

    private void missed(Throwable failure) {
        boolean news;
        Duration pause;
        synchronized (this) {
            looking = false;
            news = up;
            up = false;
            pause = retry;
            retry = RedisOptions.longer(retry);
        }
        if (news) {
            told.down();
        }
        told.failed(failure);
        lookLater(pause);
    }

    /** One look is due at a time. */
    private void lookLater(Duration pause) {
        synchronized (this) {
            if (due || closed) {
                return;
            }
            due = true;
        }
        resources
                .eventExecutorGroup()
                .schedule(
                        () -> {
                            synchronized (this) {
                                due = false;
                            }
                            look();
                        },
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void doubt(RedisTrouble trouble) {
        lookLater(RedisOptions.FIRST_RETRY);
    }

    @Override
    public Optional<RedisClusterAsyncCommands<byte[], byte[]>> commands() {
        return Optional.ofNullable(connection).map(StatefulRedisClusterConnection::async);
    }

    @Override
    public Future<List<RedisServer>> servers() {
        var open = connection;
        return open == null ? Future.failedFuture(new RedisConnectionException("not connected to Redis")) : whole(open);
    }

    @Override
    public Future<RedisSubscription> subscribe(byte[] channel, Consumer<byte[]> messages) {
        return Future.failedFuture("channels of a Cluster are not listened to");
    }

    @Override
    public Future<RedisServer> serverOf(byte[] key) {
        var open = connection;
        var node = open == null ? null : open.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
        return open == null || node == null
                ? Future.failedFuture(new RedisConnectionException("not connected to the key's node"))
                : server(open, node);
    }

    @Override
    public String place(byte[] key) {
        var open = connection;
        var node = open == null ? null : open.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
        return node == null ? "" : node.getNodeId();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        var open = connection;
        return (open == null ? Future.<Void>succeededFuture() : Future.fromCompletionStage(open.closeAsync()))
                .eventually(() -> Future.fromCompletionStage(client.shutdownAsync(0, 2, TimeUnit.SECONDS)));
    }
}
