package io.ghlgateway.webhooks;

import io.vertx.core.Future;

/** What the gateway itself makes of events that tell of installations. Any thread; never throws. */
public interface Lifecycle {

    /**
     * Takes note of an event. Doing it again is harmless.
     *
     * @return fails where it is to be tried again later
     */
    Future<Void> apply(Event event);
}
