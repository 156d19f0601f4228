package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its body.
 *
 * @param uri path and query, still encoded
 * @param hasBody whether one is announced
 */
record Head(HttpMethod method, String uri, MultiMap headers, boolean hasBody) {

    static Head of(HttpServerRequest request) {
        return new Head(request.method(), request.uri(), request.headers(), BodyReader.hasBody(request));
    }

    String path() {
        return RequestRules.path(uri);
    }

    String query() {
        int query = uri.indexOf('?');
        return query < 0 ? "" : uri.substring(query + 1);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String headerOrNothing(String name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }
}
