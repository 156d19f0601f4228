package io.ghlgateway.install;

import io.ghlgateway.tenancy.App;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a browser keeps of an installation that was begun in it; one for each app, so that two do not disturb each other.
 *
 * @param https over it no other host, and no page without TLS, can set the cookie in our place
 */
record InstallCookie(boolean https) {

    void set(App app, String value, HttpServerResponse response) {
        response.headers().add("Set-Cookie", line(app, value, InstallState.LIFE.toSeconds()));
    }

    void clear(App app, HttpServerResponse response) {
        response.headers().add("Set-Cookie", line(app, "", 0));
    }

    /** Two of the same name tell that somebody has planted one. */
    Optional<String> read(App app, HttpServerRequest request) {
        var start = name(app) + "=";
        var all = request.headers().getAll("cookie").stream()
                .flatMap(field -> Arrays.stream(field.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(start))
                .toList();
        return all.size() == 1 ? Optional.of(all.get(0).substring(start.length())) : Optional.empty();
    }

    private String line(App app, String value, long seconds) {
        return name(app) + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Lax"
                + (https ? "; Secure" : "");
    }

    private String name(App app) {
        return (https ? "__Host-" : "") + "ghl-install-" + app;
    }
}
