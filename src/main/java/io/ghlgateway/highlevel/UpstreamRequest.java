package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * What is to be sent to HighLevel, but for its token.
 *
 * @param uri path and query exactly as the caller wrote them
 * @param headers end-to-end headers only, without {@code Authorization} and {@code Host}; not changed by sending
 */
public record UpstreamRequest(HttpMethod method, String uri, MultiMap headers, RequestBody body) {

    /** Whether sending it twice does no more than sending it once (RFC 9110, section 9.2.1: the safe methods). */
    public boolean isSafe() {
        return method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS;
    }
}
