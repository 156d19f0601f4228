package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * As whom we go to HighLevel, whose edge refuses the default names of some HTTP libraries: under one product name, or
 * under the caller's own.
 *
 * @param product what to say; empty passes the caller's on
 */
public record UserAgent(Optional<String> product) {

    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("User-Agent");

    void write(MultiMap headers) {
        if (product.isPresent()) {
            headers.set(USER_AGENT, product.get());
        }
    }
}
