package io.ghlgateway.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Asks Sentinels whom they name. A master that is replaced while it still answers keeps its connections for many seconds,
 * and whoever connects meanwhile is sent to the new one: then two would grant the same quota.
 */
final class SentinelWatch {

    private final RedisClient client;
    private final Activations activations;
    private final RedisURI uri;
    private volatile @Nullable StatefulRedisSentinelConnection<String, String> connection;
    private volatile String named = "";

    SentinelWatch(RedisClient client, Activations activations, RedisURI uri) {
        this.client = client;
        this.activations = activations;
        this.uri = uri;
    }

    /**
     * Whether the master is another than the one connected to. One round at a time.
     *
     * @return fails where no Sentinel answers
     */
    Future<Boolean> isElsewhere(SocketAddress connected) {
        return sentinel()
                .compose(
                        open -> Future.fromCompletionStage(open.async().getMasterAddrByName(uri.getSentinelMasterId())))
                .map(master -> differs(master, connected))
                .onFailure(unanswered -> leave());
    }

    private Future<StatefulRedisSentinelConnection<String, String>> sentinel() {
        var open = connection;
        return open != null
                ? Future.succeededFuture(open)
                : Future.fromCompletionStage(client.connectSentinelAsync(StringCodec.UTF8, uri))
                        .compose(made -> activations.of(made).map(made))
                        .onSuccess(made -> connection = made);
    }

    /** The next round asks whichever Sentinel answers then. */
    private void leave() {
        var old = connection;
        connection = null;
        if (old != null) {
            old.closeAsync();
        }
    }

    /** Where Sentinels tell names instead of addresses, what counts is that they tell another than before. */
    private boolean differs(@Nullable SocketAddress master, SocketAddress connected) {
        if (!(master instanceof InetSocketAddress there) || !(connected instanceof InetSocketAddress here)) {
            return false;
        }
        var host = there.getHostString();
        if (here.getAddress() != null && host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return there.getPort() != here.getPort() || !literal(host).equals(here.getAddress());
        }
        var before = named;
        named = host + ":" + there.getPort();
        return !before.isEmpty() && !before.equals(named);
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address); // looks nothing up
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("a Sentinel tells no address: " + address, e);
        }
    }
}
