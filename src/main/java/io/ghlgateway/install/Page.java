package io.ghlgateway.install;

import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A page of the door, written whole: no script, no picture, nothing to load. All texts are plain and escaped here.
 *
 * @param facts shown as a table
 */
record Page(int status, Tone tone, String title, String lead, List<Fact> facts, Optional<Link> link) {

    /** How the news is, shown as a colour and a sign. */
    enum Tone {
        DONE("done", "M5 12.5l4.5 4.5L19 7.5"),
        WAIT("wait", "M12 7v5l3 2M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0"),
        FAIL("fail", "M12 5.5v8M12 18v.5");

        private final String type;
        private final String path;

        Tone(String type, String path) {
            this.type = type;
            this.path = path;
        }
    }

    record Fact(String name, String value) {}

    record Link(String text, String url) {}

    static Page failure(int status, String title, String lead, Optional<Link> link) {
        return new Page(status, Tone.FAIL, title, lead, List.of(), link);
    }

    void show(HttpServerResponse response) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(html())
                .otherwiseEmpty();
    }

    private String html() {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <style>%2$s</style>
                </head>
                <body class="%3$s">
                <main>
                <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" \
                stroke-linejoin="round" aria-hidden="true"><path d="%4$s"/></svg>
                <h1>%1$s</h1>
                <p>%5$s</p>
                %6$s%7$s%8$s</main>
                </body>
                </html>
                """.formatted(
                escaped(title), PageStyle.CSS, tone.type, tone.path, escaped(lead), table(), advice(), button());
    }

    private String table() {
        return facts.isEmpty()
                ? ""
                : facts.stream()
                        .map(fact -> "<div><dt>" + escaped(fact.name()) + "</dt><dd>" + escaped(fact.value())
                                + "</dd></div>\n")
                        .collect(Collectors.joining("", "<dl>\n", "</dl>\n"));
    }

    private String advice() {
        return tone == Tone.FAIL
                ? ""
                : "<p class=\"next\">You need to do nothing more, and can close this window.</p>\n";
    }

    private String button() {
        return link.map(to -> "<a href=\"" + escaped(to.url()) + "\">" + escaped(to.text()) + "</a>\n")
                .orElse("");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
