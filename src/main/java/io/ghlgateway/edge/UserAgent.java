package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * As whom we go to HighLevel, whose edge refuses the default names of some HTTP libraries: under one product name, or
 * under the caller's own.
 *
 * @param product what to say; empty passes the caller's on
 */
public record UserAgent(Optional<String> product) {

    void write(MultiMap headers) {
        product.ifPresent(name -> headers.set("User-Agent", name));
    }
}
