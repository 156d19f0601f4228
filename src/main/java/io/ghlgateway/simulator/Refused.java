package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;

/** HighLevel's error answers, word for word where they are known. */
record Refused(int status, JsonObject body) {

    static Refused noVersion() {
        return error(401, "version header was not found.", "Unauthorized");
    }

    static Refused badVersion() {
        return error(401, "version header is invalid", "Unauthorized");
    }

    static Refused badToken() {
        return error(401, "Invalid Private Integration token", "Unauthorized");
    }

    static Refused otherLocation() {
        return error(403, "The token does not have access to this location.", "Forbidden");
    }

    static Refused tooMany() {
        return error(429, "Too Many Requests", "Too Many Requests");
    }

    static Refused notFound(String method, String path) {
        return error(404, "Cannot " + method + " " + path, "Not Found");
    }

    private static Refused error(int status, String message, String error) {
        return new Refused(
                status,
                new JsonObject()
                        .put("statusCode", status)
                        .put("message", message)
                        .put("error", error));
    }
}
