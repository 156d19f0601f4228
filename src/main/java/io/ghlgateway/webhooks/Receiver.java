package io.ghlgateway.webhooks;

import io.vertx.core.Future;

/** Who an event is brought to: a subscriber over HTTP, or the gateway itself. */
interface Receiver {

    /**
     * @return fails with {@link NotTaken} where it did not take it; it will be brought again then
     */
    Future<Void> bring(EventQueue.Delivery delivery);

    /** Nothing more will be brought. */
    default void close() {}

    /** Why a delivery came to nothing, in a word or two of a bounded number. */
    final class NotTaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotTaken(String why) {
            super(why, null, false, false);
        }
    }
}
