package io.ghlgateway.http;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.http.ConnectionEvents.End;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop, so that those that keep us waiting can be ended. Vert.x's own idle timeout also runs
 * while a request waits for its answer, and waiting is what we are for; hence this.
 */
final class Connections {

    private static final AttributeKey<Boolean> ADMITTED = AttributeKey.valueOf(Connections.class, "admitted");

    private final DoorLimits limits;
    private final ConnectionCap cap;
    private final Ticker ticker;
    private final ConnectionEvents events;
    private final Map<Channel, Use> uses = new HashMap<>();

    /** What a connection does. Of its pipeline it knows what matters here, for there may be ten thousand to look at. */
    private static final class Use {
        private final HttpConnection connection;
        private final @Nullable ChannelHandlerContext threshold;
        private final @Nullable ChannelHandlerContext decoder;
        private final @Nullable Http2ConnectionHandler http2;
        private boolean everAsked;
        /** Requests under way over HTTP/1.1; over HTTP/2 the streams say it. */
        private int requests;
        /** The last that came, where somebody sees to it that it becomes whole. */
        private @Nullable HttpServerRequest coming;

        private long askedAt;
        private long restsSince;
        /** Something waits to be taken; {@code taken} is how much had been at {@code takenSince}. */
        private boolean stalls;

        private long taken;
        private long takenSince;

        Use(HttpConnection connection, ChannelPipeline pipeline) {
            this.connection = connection;
            this.threshold = pipeline.context(Threshold.class);
            this.decoder = pipeline.context(StrictDecoder.class);
            this.http2 = pipeline.get(Http2ConnectionHandler.class);
        }
    }

    Connections(DoorLimits limits, ConnectionCap cap, Ticker ticker, ConnectionEvents events) {
        this.limits = limits;
        this.cap = cap;
        this.ticker = ticker;
        this.events = events;
    }

    /**
     * One that was taken by this door, on whichever of its event loops. Any thread.
     *
     * @return whether there is room for it
     */
    boolean admit(Channel channel) {
        events.opened();
        if (!cap.enter()) {
            events.ended(End.FULL);
            events.closed();
            return false;
        }
        channel.attr(ADMITTED).set(true);
        channel.pipeline().addLast(new Threshold(limits.header(), () -> events.ended(End.HEAD)));
        channel.closeFuture().addListener(closed -> {
            cap.leave();
            events.closed();
        });
        return true;
    }

    /** One that says nothing yet of which HTTP it speaks. */
    void awaitFirstBytes(Channel channel) {
        channel.pipeline().addLast(new FirstBytes(ctx -> readStrictly(ctx.channel())));
    }

    /** Also of one that is known and has changed to HTTP/2. */
    void opened(HttpConnection connection) {
        var channel = ((ConnectionBase) connection).channel();
        if (channel.attr(ADMITTED).get() == null && !admit(channel)) {
            channel.close();
            return;
        }
        channel.pipeline().get(Threshold.class).greeted();
        readStrictly(channel);
        var use = new Use(connection, channel.pipeline());
        use.restsSince = ticker.read();
        var known = uses.put(channel, use);
        use.everAsked = known != null;
        if (known == null) {
            channel.closeFuture().addListener(closed -> uses.remove(channel));
        }
    }

    private void readStrictly(Channel channel) {
        var pipeline = channel.pipeline();
        if (pipeline.get("httpDecoder") != null && pipeline.get(StrictDecoder.class) == null) {
            pipeline.replace("httpDecoder", "httpDecoder", new StrictDecoder(limits, ticker));
        }
    }

    /** A request came. */
    void began(HttpServerRequest request) {
        var use = uses.get(((ConnectionBase) request.connection()).channel());
        if (use == null) {
            return;
        }
        use.everAsked = true;
        use.askedAt = ticker.read();
        use.coming = limits.body().isPresent() ? request : null;
        if (request.version() != HttpVersion.HTTP_2) {
            use.requests++;
            request.response().endHandler(end -> {
                use.requests--;
                use.restsSince = ticker.read();
                use.coming = use.coming == request ? null : use.coming;
                BrokenBody.forget(request);
            });
        }
    }

    /** Ends those that have kept us waiting for too long. */
    void sweep() {
        long now = ticker.read();
        var late = new ArrayList<Runnable>(); // not at once: who is ended goes from the map
        for (var use : uses.values()) {
            end(use, now).ifPresent(end -> late.add(() -> end(use, end)));
        }
        late.forEach(Runnable::run);
    }

    private void end(Use use, End end) {
        events.ended(end);
        if (end == End.IDLE) {
            use.connection.close();
        } else {
            Cut.through(use.connection);
        }
    }

    private Optional<End> end(Use use, long now) {
        if (isStalled(use, now)) {
            return Optional.of(End.STALL);
        }
        if (isHeadLate(use, now)) {
            return Optional.of(End.HEAD);
        }
        if (isAtWork(use)) {
            use.restsSince = now;
            return isBodyLate(use, now) ? Optional.of(End.BODY) : Optional.empty();
        }
        use.coming = null;
        if (!use.everAsked) {
            return over(limits.header(), use.restsSince, now) ? Optional.of(End.HEAD) : Optional.empty();
        }
        return over(limits.idle(), use.restsSince, now) ? Optional.of(End.IDLE) : Optional.empty();
    }

    private static boolean isAtWork(Use use) {
        return use.http2 != null ? use.http2.connection().numActiveStreams() > 0 : use.requests > 0;
    }

    private boolean isHeadLate(Use use, long now) {
        var decoder = use.decoder;
        if (decoder == null || decoder.isRemoved()) {
            return false;
        }
        var since = ((StrictDecoder) decoder.handler()).waitingSince();
        return since.isPresent() && over(limits.header(), since.getAsLong(), now);
    }

    private boolean isBodyLate(Use use, long now) {
        var request = use.coming;
        return request != null
                && !request.isEnded()
                && limits.body().filter(most -> over(most, use.askedAt, now)).isPresent();
    }

    private boolean isStalled(Use use, long now) {
        var first = use.threshold;
        if (first == null || first.isRemoved() || !Threshold.isDue(first)) {
            use.stalls = false;
            return false;
        }
        long taken = ((Threshold) first.handler()).taken(first);
        if (use.stalls && !over(limits.stall(), use.takenSince, now)) {
            return false;
        }
        boolean tooLittle = use.stalls && taken - use.taken < DoorLimits.leastIn(limits.stall());
        use.stalls = true;
        use.taken = taken;
        use.takenSince = now;
        return tooLittle;
    }

    private static boolean over(Duration most, long since, long now) {
        return now - since > most.toNanos();
    }
}
