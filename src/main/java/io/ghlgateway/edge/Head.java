package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its body.
 *
 * @param path still encoded
 * @param query still encoded; empty if there is none
 * @param hasBody whether one is announced
 */
record Head(HttpMethod method, String path, String query, MultiMap headers, boolean hasBody) {

    static Head of(HttpServerRequest request) {
        return of(request.method(), request.uri(), request.headers(), BodyReader.hasBody(request));
    }

    /** @param uri path and query, still encoded */
    static Head of(HttpMethod method, String uri, MultiMap headers, boolean hasBody) {
        int query = uri.indexOf('?');
        return query < 0
                ? new Head(method, uri, "", headers, hasBody)
                : new Head(method, uri.substring(0, query), uri.substring(query + 1), headers, hasBody);
    }

    @Nullable
    String header(CharSequence name) {
        return headers.get(name);
    }

    String headerOrNothing(CharSequence name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }
}
