package io.ghlgateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** What a request is called in its answer and in the log: as its caller calls it, where that can stand in both. */
final class RequestId {

    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Request-Id");

    private static final int LONGEST = 128;

    private RequestId() {}

    /** @param ids makes one up */
    static String of(HttpServerRequest request, Supplier<String> ids) {
        var brought = request.getHeader(HEADER);
        return brought != null && isSane(brought) ? brought : ids.get();
    }

    private static boolean isSane(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !(c >= '0' && c <= '9') && "._:-".indexOf(c) < 0) {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= LONGEST;
    }
}
