package io.ghlgateway.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's own transport, but that a door sees a connection when it is taken, and that a crowd which comes at once does not
 * hold up all else that is due. Vert.x tells of a connection only when it has said which HTTP it speaks: too late to count
 * those that say nothing, and to read its first request strictly.
 */
public final class DoorTransport implements Transport {

    /** So many connections at most are read from before what is due gets its turn; Netty's own epoll reads from thousands. */
    static final int CONNECTIONS_A_PASS = 64;

    private final Transport actual;
    private final IoHandlerFactory loops;
    private final Map<Integer, Predicate<Channel>> doors = new ConcurrentHashMap<>();

    private DoorTransport(Transport actual, IoHandlerFactory loops) {
        this.actual = actual;
        this.loops = loops;
    }

    /** For a Vert.x: native where the machine has it. */
    public static io.vertx.core.transport.Transport best() {
        var found = io.vertx.core.transport.Transport.nativeTransport();
        var chosen = found != null && found.available() ? found : io.vertx.core.transport.Transport.NIO;
        var loops = chosen == io.vertx.core.transport.Transport.EPOLL
                ? EpollIoHandler.newFactory(CONNECTIONS_A_PASS, DefaultSelectStrategyFactory.INSTANCE)
                : chosen.implementation().ioHandlerFactory();
        var implementation = new DoorTransport(chosen.implementation(), loops);
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return chosen.name();
            }

            @Override
            public boolean available() {
                return true;
            }

            @Override
            public @Nullable Throwable unavailabilityCause() {
                return null;
            }

            @Override
            public Transport implementation() {
                return implementation;
            }
        };
    }

    static Optional<DoorTransport> of(VertxInternal vertx) {
        return vertx.transport() instanceof DoorTransport here ? Optional.of(here) : Optional.empty();
    }

    /** @param admits asked, on any event loop, of each connection at this port; one that it refuses is closed */
    void watch(int port, Predicate<Channel> admits) {
        doors.put(port, admits);
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
        actual.configure(options, domainSocket, bootstrap);
        bootstrap.handler(new Reception());
    }

    /** Stands before Netty's own acceptor. */
    @Sharable
    private final class Reception extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object taken) {
            var admits =
                    ctx.channel().localAddress() instanceof InetSocketAddress here ? doors.get(here.getPort()) : null;
            if (admits == null || admits.test((Channel) taken)) {
                ctx.fireChannelRead(taken);
            } else {
                ((Channel) taken).unsafe().closeForcibly();
            }
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return actual.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return actual.supportFileRegion();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return actual.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return actual.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return loops;
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return new MultiThreadIoEventLoopGroup(threads, factory, loops);
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return actual.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return actual.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return actual.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return actual.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        actual.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
        actual.configure(options, domainSocket, bootstrap);
    }
}
