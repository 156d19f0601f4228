package io.ghlgateway.simulator.oauth;

/** What HighLevel's ids are made of. */
final class Names {

    private Names() {}

    static void check(String id, String kind) {
        if (!id.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no id of a " + kind + ": letters, digits, '-' and '_' only");
        }
    }
}
