package io.ghlgateway.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The end of a connection whose other side takes nothing more. Vert.x's own close first waits until all that was written
 * has been taken: here that is for ever, and a shutdown would wait for it too.
 */
public final class Cut {

    /** Of HTTP/2 (RFC 9113, section 7): the other code, "no error", might let what broke off pass for whole. */
    private static final long INTERNAL_ERROR = 2;

    private Cut() {}

    /** Closes it and drops what was not taken. On its event loop; one that is closed already stays so. */
    public static void through(HttpConnection connection) {
        // From the first handler on a close goes to the socket alone, past the one that waits.
        var first = ((ConnectionBase) connection).channel().pipeline().firstContext();
        if (first != null) {
            first.close();
        }
    }

    /** An answer that broke off must not look whole: its connection, or stream, breaks off too. */
    public static void off(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(INTERNAL_ERROR);
        } else {
            through(request.connection());
        }
    }
}
