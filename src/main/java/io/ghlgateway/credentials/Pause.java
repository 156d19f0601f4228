package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.time.Duration;

/** Lets time pass without blocking. */
@FunctionalInterface
public interface Pause {

    /** Completes after this time, on any thread. */
    Future<Void> of(Duration length);
}
