package io.ghlgateway.http;

/** What becomes of a door's connections. Called on event loops: implementations return at once and never throw. */
public interface ConnectionEvents {

    /** Why the door ended a connection that its other side did not. */
    enum End {
        /** There were too many others. */
        FULL("full"),
        /** A head did not come. */
        HEAD("head"),
        /** A body did not come. */
        BODY("body"),
        /** Nothing was asked for a while. */
        IDLE("idle"),
        /** An answer was not taken. */
        STALL("stall");

        private final String wire;

        End(String wire) {
            this.wire = wire;
        }

        /** As metrics have it. */
        public String wire() {
            return wire;
        }
    }

    default void opened() {}

    /** Once for each that was opened. */
    default void closed() {}

    /** Of a connection that was opened; {@link #closed} follows. */
    default void ended(End end) {}

    /** Tells nobody. */
    ConnectionEvents NONE = new ConnectionEvents() {};
}
