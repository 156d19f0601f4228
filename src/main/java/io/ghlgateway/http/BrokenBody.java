package io.ghlgateway.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.AttributeKey;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * A body of an HTTP/1.1 request that turns out to be malformed. Vert.x closes the connection then; who listens here is told
 * instead, can answer, and must see to it that the connection ends.
 */
public final class BrokenBody {

    private static final AttributeKey<Listener> LISTENER = AttributeKey.valueOf(BrokenBody.class, "listener");

    private record Listener(HttpServerRequest request, Handler<Throwable> told) {}

    private BrokenBody() {}

    /** @param told at most once, on the request's event loop, with what the parser says */
    public static void listen(HttpServerRequest request, Handler<Throwable> told) {
        ((ConnectionBase) request.connection()).channel().attr(LISTENER).set(new Listener(request, told));
    }

    /** Of a request that was answered: what waited for it would be held for as long as the connection rests. */
    static void forget(HttpServerRequest request) {
        var listener = ((ConnectionBase) request.connection()).channel().attr(LISTENER);
        if (listener.get() != null && listener.get().request() == request) {
            listener.set(null);
        }
    }

    /** Whether someone listened, and for the request that this belongs to: one before it may still be under way. */
    static boolean tell(Channel channel, HttpObject malformed) {
        var listener = channel.attr(LISTENER).getAndSet(null);
        if (listener == null || listener.request().isEnded()) {
            return false;
        }
        listener.told().handle(malformed.decoderResult().cause());
        return true;
    }
}
