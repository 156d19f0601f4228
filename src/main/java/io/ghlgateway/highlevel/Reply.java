package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** HighLevel's answer: its head is here, its body still flows. Must be relayed or discarded, once. */
public interface Reply {

    int status();

    MultiMap headers();

    /**
     * Passes the body on as it comes, no faster than {@code sink} takes it, and ends {@code sink} when the body is
     * whole. When it breaks off the future fails and {@code sink} is left open: only its owner can make a broken answer
     * look broken.
     */
    Future<Void> relayTo(WriteStream<Buffer> sink);

    /** Lets go of the body: reads a short one to its end, so that the connection can be used again. */
    void discard();
}
