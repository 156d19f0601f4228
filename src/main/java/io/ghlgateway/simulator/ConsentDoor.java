package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.Code;
import io.ghlgateway.simulator.oauth.Company;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.ghlgateway.simulator.oauth.Scopes;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /oauth/chooselocation} and its newer path: whom shall the app be installed for? The page's links ask the
 * same again with {@code install_location} or {@code install_company}, and that answers 302 to the app. Without a known
 * app and a redirect URI that it has registered nobody is ever sent anywhere.
 */
final class ConsentDoor {

    private static final Set<String> PATHS = Set.of("/oauth/chooselocation", "/v2/oauth/chooselocation");
    private static final String HTML = "text/html; charset=utf-8";

    private final Marketplace marketplace;

    ConsentDoor(Marketplace marketplace) {
        this.marketplace = marketplace;
    }

    boolean isMeant(Visit visit) {
        return marketplace.hasApps() && visit.reads() && PATHS.contains(visit.path());
    }

    Answer answer(Visit visit) {
        return visit.query().map(this::answer).orElseGet(() -> error(400, "The query cannot be decoded"));
    }

    private Answer answer(MultiMap query) {
        String clientId = said(query, "client_id").orElse("");
        Optional<App> app =
                marketplace.app(clientId).filter(known -> known.clientId().equals(clientId));
        if (app.isEmpty()) {
            return error(404, "No integration found with the ID: " + clientId);
        }
        if (said(query, "response_type").filter("code"::equals).isEmpty()) {
            return error(400, "response_type must be code");
        }
        Optional<String> redirectUri = said(query, "redirect_uri");
        if (redirectUri.filter(uri -> isWeb(uri) && app.get().returnsTo(uri)).isEmpty()) {
            return error(400, "redirect_uri is not registered for this app: " + redirectUri.orElse(""));
        }
        return chosen(query, app.get(), redirectUri.get());
    }

    private Answer chosen(MultiMap query, App app, String redirectUri) {
        Optional<String> location = said(query, "install_location");
        Optional<Company> company = location.flatMap(marketplace.directory()::companyOf)
                .or(() -> said(query, "install_company").flatMap(marketplace.directory()::company));
        List<String> scopes = scopes(query);
        if (company.isEmpty()) {
            return new Answer(
                    200,
                    HTML,
                    Buffer.buffer(ConsentPage.choice(
                            app, scopes, marketplace.directory().companies(), query)));
        }
        Code code = marketplace.consent(app, company.get(), location, scopes, Optional.of(redirectUri));
        QueryStringEncoder added = new QueryStringEncoder("");
        added.addParam("code", code.text());
        Optional.ofNullable(query.get("state")).ifPresent(state -> added.addParam("state", state));
        String target = redirectUri
                + (redirectUri.contains("?") ? "&" : "?")
                + added.toString().substring(1);
        return new Answer(302, HTML, Buffer.buffer()).with("Location", target);
    }

    private static List<String> scopes(MultiMap query) {
        return said(query, "scope")
                .map(text ->
                        Arrays.stream(text.strip().split("[ ,]+")).distinct().toList())
                .orElse(Scopes.USUAL);
    }

    private static boolean isWeb(String uri) {
        try {
            URI parsed = URI.create(uri);
            return parsed.getHost() != null
                    && Set.of("http", "https").contains(parsed.getScheme())
                    && parsed.getRawFragment() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Answer error(int status, String message) {
        return Answer.text(status, HTML, ConsentPage.error(message));
    }

    private static Optional<String> said(MultiMap query, String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
    }
}
