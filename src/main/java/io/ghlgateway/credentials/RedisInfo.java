package io.ghlgateway.credentials;

import java.util.Optional;

/** What Redis says of itself. */
final class RedisInfo {

    private RedisInfo() {}

    /** A field of the answer to {@code INFO}. */
    static Optional<String> field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
