package io.ghlgateway.install;

import io.vertx.core.Future;
import java.time.Duration;

/** Things that can be used once, by whichever replica is first. Any thread. */
@FunctionalInterface
public interface Claims {

    /**
     * Claims a nonce, which then stays taken.
     *
     * @param life after which it may be forgotten
     * @return whether it was free; fails where that cannot be told
     */
    Future<Boolean> claim(String nonce, Duration life);
}
