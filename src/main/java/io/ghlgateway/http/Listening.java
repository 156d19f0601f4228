package io.ghlgateway.http;

import java.util.Optional;

/**
 * Where a door listens, and for how many.
 *
 * @param port 0 for any free one
 * @param tls empty: without
 * @param cap of all its event loops together
 * @param events told of its connections
 */
public record Listening(String host, int port, Optional<TlsFiles> tls, ConnectionCap cap, ConnectionEvents events) {

    /** Where others find it, once it is open there. */
    public String url(int actualPort) {
        return (tls.isPresent() ? "https://" : "http://") + host + ":" + actualPort;
    }
}
