package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

/** What the simulator sends back; sent once, whole or broken off. The futures fail when the caller has gone. */
sealed interface Reply permits Answer, Download, EventStream {

    Future<Void> sendTo(HttpServerResponse response);

    /** The head as if all of it would come, then half the body. The connection is the sender's to close. */
    Future<Void> sendHalfTo(HttpServerResponse response);
}
