package io.ghlgateway.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The console's page, styles and modules, as they are in the jar. They hold no data and no secret, so whoever reaches the
 * door may have them; what they show is asked of the API, with the operator's key.
 */
final class ConsoleFiles {

    private static final String PATH = "/console";

    /** Nothing but what comes from this door, and no script or style that stands in the page or is made out of text. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final List<String> FILES = List.of(
            "index.html",
            "console.css",
            "icon.svg",
            "main.js",
            "session.js",
            "feed.js",
            "dom.js",
            "format.js",
            "dialogs.js",
            "overview.js",
            "quotas.js",
            "credentials.js",
            "webhooks.js",
            "refusals.js",
            "explain.js");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Map<String, Buffer> CONTENTS = read();

    private ConsoleFiles() {}

    static void mount(Router router) {
        router.route(PATH + "*").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(ConsoleFiles::answer);
    }

    private static void answer(RoutingContext context) {
        var path = context.request().path();
        var file = path.equals(PATH + "/")
                ? "index.html"
                : path.substring(PATH.length()).replaceFirst("^/", "");
        if (path.equals(PATH)) {
            // Relative, as all references in the page are: what stands before this door may have a path of its own
            // there.
            common(context).setStatusCode(308).putHeader("Location", "console/").end();
        } else if (path.startsWith(PATH + "/") && CONTENTS.containsKey(file)) {
            send(context, file);
        } else {
            context.next();
        }
    }

    private static void send(RoutingContext context, String file) {
        common(context)
                .putHeader("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)))
                .putHeader("Content-Security-Policy", POLICY)
                .end(CONTENTS.get(file));
    }

    private static HttpServerResponse common(RoutingContext context) {
        return context.response()
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static Map<String, Buffer> read() {
        Map<String, Buffer> contents = new LinkedHashMap<>();
        FILES.forEach(file -> contents.put(file, inJar("console/" + file)));
        return contents;
    }

    static Buffer inJar(String name) {
        try (var stream = ConsoleFiles.class.getResourceAsStream(name)) {
            return Buffer.buffer(Objects.requireNonNull(stream, name + " is on the class path")
                    .readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
