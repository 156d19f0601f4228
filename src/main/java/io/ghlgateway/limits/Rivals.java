package io.ghlgateway.limits;

/** How many wait in other queues of this process for the same tokens. */
public interface Rivals {

    Rivals NONE = new Rivals() {
        @Override
        public int forKey() {
            return 0;
        }

        @Override
        public int forRoute(RouteKey route) {
            return 0;
        }
    };

    /** For the key's own quota. */
    int forKey();

    /** For an endpoint's limit. */
    int forRoute(RouteKey route);
}
