package io.ghlgateway.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * What came over an HTTP/1.1 connection while nobody took it. Vert.x keeps it, in buffers outside the heap, and as of 5.1.10
 * forgets it when the connection closes: whoever lets an answer or an upload lie and goes would cost some of that memory for
 * ever.
 */
public final class Leftovers {

    private Leftovers() {}

    /** Has it given back when this connection closes. On its event loop, when it opens; takes its close handler. */
    public static void giveBack(HttpConnection connection) {
        if (connection instanceof VertxConnection http1) {
            connection.closeHandler(closed -> http1.doResume()); // what is taken of a closed connection goes nowhere
        }
    }
}
