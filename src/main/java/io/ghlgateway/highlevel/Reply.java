package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.Optional;

/** HighLevel's answer: its head is here, its body still flows. Must be relayed or discarded, once. */
public interface Reply {

    /** The body was not relayed whole, and not by HighLevel's doing: its sink failed, or took nothing for too long. */
    final class NotTaken extends Exception {

        private static final long serialVersionUID = 1;

        public NotTaken(String message) {
            super(message, null, false, false);
        }
    }

    int status();

    MultiMap headers();

    /**
     * Looks at a short body, which can be relayed afterwards as it came. Once, before it is relayed or discarded. Never
     * fails.
     *
     * @param most its length in bytes, and when unpacked
     * @return the body, unpacked if it came as gzip, deflate, br or zstd; empty where it is longer, packed otherwise, or does not come whole
     */
    Future<Optional<Buffer>> peek(int most);

    /**
     * Passes the body on as it comes, no faster than {@code sink} takes it, and ends {@code sink} when the body is
     * whole; what HighLevel has not taken of the request by then is not sent any more. When the body breaks off or falls
     * silent the future fails, with {@link NotTaken} where {@code sink} is to blame, and {@code sink} is left open: only
     * its owner can make a broken answer look broken.
     */
    Future<Void> relayTo(WriteStream<Buffer> sink);

    /** Lets go of the body: reads a short one to its end, so that the connection can be used again. */
    void discard();
}
