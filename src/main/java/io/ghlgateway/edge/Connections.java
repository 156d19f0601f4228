package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The connections of one event loop, so that idle ones can be closed. Vert.x's own idle timeout also runs while a request
 * waits for its answer, and waiting is what we are for; hence this.
 */
final class Connections {

    private final Ticker ticker;
    private final Duration headerTimeout;
    private final Duration idleTimeout;
    private final Map<HttpConnection, Use> uses = new IdentityHashMap<>();

    /** What a connection does. */
    private static final class Use {
        private int requests;
        private boolean everAsked;
        private long since;
    }

    Connections(Ticker ticker, Duration headerTimeout, Duration idleTimeout) {
        this.ticker = ticker;
        this.headerTimeout = headerTimeout;
        this.idleTimeout = idleTimeout;
    }

    void opened(HttpConnection connection) {
        var use = new Use();
        use.since = ticker.read();
        uses.put(connection, use);
        connection.closeHandler(closed -> uses.remove(connection));
    }

    /** A request came; to be told again when it is answered. */
    void began(HttpServerRequest request) {
        var use = uses.get(request.connection());
        if (use != null) {
            use.everAsked = true;
            use.requests++;
            request.response().endHandler(end -> ended(use));
        }
    }

    private void ended(Use use) {
        use.requests--;
        use.since = ticker.read();
    }

    /** Closes those that have had no request for too long. */
    void sweep() {
        long now = ticker.read();
        var idle = new ArrayList<HttpConnection>();
        uses.forEach((connection, use) -> {
            var most = use.everAsked ? idleTimeout : headerTimeout;
            if (use.requests == 0 && now - use.since > most.toNanos()) {
                idle.add(connection);
            }
        });
        idle.forEach(HttpConnection::close);
    }
}
