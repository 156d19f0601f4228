package io.ghlgateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How Lettuce is set: no command waits for long, and none is carried out late or twice. */
final class RedisOptions {

    static final Duration FIRST_RETRY = Duration.ofMillis(50);

    /** A fifth of what shared budgets may take to be back once there is a Redis again. */
    static final Duration LAST_RETRY = Duration.ofMillis(200);

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration TOPOLOGY_IN_DOUBT = Duration.ofMillis(500);
    private static final Duration TOPOLOGY = Duration.ofSeconds(10);

    private RedisOptions() {}

    static ClientResources resources() {
        return ClientResources.builder()
                .reconnectDelay(
                        Delay.exponential(FIRST_RETRY.toMillis(), LAST_RETRY.toMillis(), TimeUnit.MILLISECONDS, 2))
                .nettyCustomizer(new OneWriteForMany())
                .build();
    }

    /** Commands that event loops send at the same time go out in one write: the system call costs more than the command. */
    private static final class OneWriteForMany implements NettyCustomizer {

        private static final int MOST = 256;

        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(MOST, true));
        }
    }

    static ClientOptions node(Duration commandTimeout) {
        return set(ClientOptions.builder(), commandTimeout).build();
    }

    /** For a connection that is not made again when it broke. */
    static ClientOptions once(Duration commandTimeout) {
        return set(ClientOptions.builder(), commandTimeout).autoReconnect(false).build();
    }

    static ClusterClientOptions cluster(Duration commandTimeout) {
        var builder = ClusterClientOptions.builder();
        set(builder, commandTimeout);
        return builder.validateClusterNodeMembership(false) // MOVED may well name a node that is news
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enableAllAdaptiveRefreshTriggers()
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_IN_DOUBT)
                        .enablePeriodicRefresh(TOPOLOGY)
                        .build())
                .build();
    }

    /**
     * While a connection is down commands are rejected, and with that Lettuce fails those under way when it breaks: what
     * they did is not known. The filter is for one that slips in just then, which would be sent after the reconnect: it
     * goes nowhere and times out.
     */
    private static ClientOptions.Builder set(ClientOptions.Builder builder, Duration commandTimeout) {
        return builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(10_000)
                .timeoutOptions(TimeoutOptions.enabled(commandTimeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(Duration.ofSeconds(2))
                                .build())
                        .build());
    }

    /** The pause after the next failure. */
    static Duration longer(Duration retry) {
        var doubled = retry.multipliedBy(2);
        return doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
    }
}
