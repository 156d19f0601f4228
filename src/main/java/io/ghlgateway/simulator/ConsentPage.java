package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.Company;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a person sees who is asked to let an app in. No script, nothing from elsewhere, all text escaped. */
final class ConsentPage {

    private static final String STYLE = """
            body{font:16px/1.5 system-ui,sans-serif;background:#f2f4f7;color:#1d2939;margin:0;padding:2rem 1rem}
            main{max-width:36rem;margin:auto;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 1px 4px #0003}
            h1{font-size:1.3rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
            code{background:#eef2f6;border-radius:4px;padding:.1rem .35rem;font-size:.85rem;margin:0 .2rem .2rem 0;display:inline-block}
            a{display:block;padding:.6rem .9rem;margin:.35rem 0;border:1px solid #d0d5dd;border-radius:8px;color:inherit;text-decoration:none}
            a:hover,a:focus{border-color:#155eef}a.all{background:#155eef;border-color:#155eef;color:#fff}
            small{color:#667085}
            """;

    private ConsentPage() {}

    static String choice(App app, List<String> scopes, Collection<Company> companies, MultiMap query) {
        String asked = scopes.stream()
                .map(scope -> "<code>" + escaped(scope) + "</code>")
                .collect(Collectors.joining());
        String choices =
                companies.stream().map(company -> choices(company, query)).collect(Collectors.joining());
        String none = "<p>No company is listed: start the simulator with --company.</p>";
        return page(
                "Install " + app.id(),
                "<p>The app <strong>" + escaped(app.id()) + "</strong> <small>" + escaped(app.clientId())
                        + "</small> asks for</p><p>" + asked + "</p>" + (choices.isEmpty() ? none : choices));
    }

    static String error(String message) {
        return page("This app cannot be installed", "<p>" + escaped(message) + "</p>");
    }

    private static String choices(Company company, MultiMap query) {
        String all = link(
                query,
                "install_company",
                company.id(),
                "all",
                "Agency " + company.id() + ": all its locations, future ones too");
        return "<h2>Agency " + escaped(company.id()) + "</h2>" + all
                + company.locations().stream()
                        .map(id -> link(
                                query,
                                "install_location",
                                id,
                                "one",
                                "Location " + id + (company.isActive(id) ? "" : " (paused)")))
                        .collect(Collectors.joining());
    }

    private static String link(MultiMap query, String name, String id, String style, String text) {
        QueryStringEncoder target = new QueryStringEncoder("");
        query.forEach((asked, value) -> target.addParam(asked, value));
        target.addParam(name, id);
        return "<a class=\"" + style + "\" href=\"" + escaped(target.toString()) + "\">" + escaped(text) + "</a>";
    }

    private static String page(String title, String content) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" + escaped(title)
                + "</title>\n<style>\n" + STYLE + "</style></head>\n<body><main><h1>" + escaped(title) + "</h1>"
                + content + "<p><small>A simulated HighLevel</small></p></main></body>\n</html>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
