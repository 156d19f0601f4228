package io.ghlgateway.install;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

/**
 * What every answer of the door tells a browser.
 *
 * @param https whether the door is reached over TLS, here or in front of us
 */
record DoorHeaders(boolean https) {

    void write(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", PageStyle.POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        if (https) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** @return completed once the page is written, or who asked is gone */
    static Future<Void> show(Page page, HttpServerResponse response) {
        return response.setStatusCode(page.status())
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(page.html())
                .otherwiseEmpty();
    }
}
