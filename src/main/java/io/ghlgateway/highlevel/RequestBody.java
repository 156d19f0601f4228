package io.ghlgateway.highlevel;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way up.
 *
 * @param head the whole body, or what of it was read before it proved too large to keep
 * @param rest what follows, paused, failing with {@link SenderFailed}; null when {@code head} is all
 */
public record RequestBody(Buffer head, @Nullable ReadStream<Buffer> rest) {

    /** {@code rest} failed: its sender broke off, or sent what may not be sent. The cause says which. */
    public static final class SenderFailed extends Exception {

        private static final long serialVersionUID = 1;

        public SenderFailed(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    public static final RequestBody EMPTY = new RequestBody(Buffer.buffer(0), null);

    public static RequestBody whole(Buffer body) {
        return new RequestBody(body, null);
    }

    /** Whether it can be sent a second time. */
    public boolean isReplayable() {
        return rest == null;
    }
}
