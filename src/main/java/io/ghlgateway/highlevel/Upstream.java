package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;

/**
 * The way to HighLevel, in two steps so that nothing is paid for in vain: first a connection, then, once the send is
 * paid for, the request is written at once.
 *
 * <p>One instance belongs to one event loop and is used on it alone.
 */
public interface Upstream {

    /**
     * Takes a connection for this request; not a byte of it is written yet.
     *
     * @return an exchange that must be either sent or abandoned, or a failure with {@link Failed}
     */
    Future<Exchange> connect(UpstreamRequest request, Secret bearer);

    /** A request that holds its connection. */
    interface Exchange {

        /** Adds a header to the request, of which nothing has been written. */
        default void addHeader(String header, String value) {}

        /** Writes the request now. At most once. Fails with {@link Failed}, or as the body's sender failed. */
        Future<Reply> send();

        /** Gives the connection back if nothing was sent, cuts it if something was. May be called at any time. */
        void abandon();
    }

    /** The upstream could not be reached, or did not answer as HTTP demands. */
    final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        /** How far the request got. */
        public enum Stage {
            /** No connection: nothing was written, so nothing was done. */
            CONNECT,
            /** The request may have been executed: the connection broke before the reply's head was complete. */
            BROKEN,
            /** The request may have been executed: no reply's head within the response timeout. */
            TIMEOUT
        }

        private final Stage stage;

        public Failed(Stage stage, String message) {
            super(message, null, false, false);
            this.stage = stage;
        }

        /** For what the client says of it. */
        Failed(Stage stage, Throwable cause) {
            this(
                    stage,
                    cause.getMessage() != null
                            ? cause.getMessage()
                            : cause.getClass().getSimpleName());
        }

        public Stage stage() {
            return stage;
        }
    }
}
