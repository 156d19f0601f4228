package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@link OAuthApi} over HTTP/1.1, in the form that HighLevel's v2 documents: forms for the token endpoints, and answers
 * read in either case of field names. What is not documented for sure is in {@code FACTS.md}, sections 5 and 9.
 */
public final class HttpOAuthApi implements OAuthApi {

    /**
     * Where HighLevel is and as whom we come.
     *
     * @param base scheme, host and perhaps port of the API
     * @param tokenUrls another {@code /oauth/token} for some apps
     * @param userAgent a product's name, for HighLevel's edge refuses those of some libraries
     */
    public record Origin(URI base, Map<App, URI> tokenUrls, String userAgent) {
        public Origin {
            tokenUrls = Map.copyOf(tokenUrls);
        }
    }

    /**
     * How much at once and how long: a call ends within {@code turn} and {@code timeout} together.
     *
     * @param atOnce calls under way; the rest wait, first come first served
     * @param turn how long one of those waits, at most; it has then not been sent
     * @param timeout from connecting to the last byte of the answer
     */
    public record Bounds(int atOnce, Duration turn, Duration timeout) {

        /** Together they fit into HighLevel's grace of 30 s twice. */
        public static final Bounds USUAL = new Bounds(16, Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    private static final String VERSION = "2021-07-28";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private final OAuthWire wire;
    private final Origin origin;

    /**
     * Opens nothing yet; {@link #close} ends it.
     *
     * @param ca certificates in PEM that HighLevel's must be signed by; empty: as Java has it
     */
    public HttpOAuthApi(Vertx vertx, Origin origin, Bounds bounds, Optional<Path> ca) {
        this.wire = new OAuthWire(vertx, bounds, ca);
        this.origin = origin;
    }

    @Override
    public Future<TokenGrant> exchange(OAuthClient client, Secret code) {
        var fields = identity(client, "authorization_code");
        fields.put("code", code.reveal());
        fields.put("redirect_uri", client.redirectUri());
        return token(client, fields, code).compose(GrantReading::renewable);
    }

    @Override
    public Future<TokenGrant> refresh(OAuthClient client, Resource.Kind kind, Secret refreshToken) {
        var fields = identity(client, "refresh_token");
        fields.put("refresh_token", refreshToken.reveal());
        fields.put("user_type", kind == Resource.Kind.COMPANY ? "Company" : "Location");
        return token(client, fields, refreshToken).compose(answer -> GrantReading.renewed(kind, answer));
    }

    @Override
    public Future<TokenGrant> mint(Secret companyToken, String companyId, String locationId) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("companyId", companyId);
        fields.put("locationId", locationId);
        var request = to(HttpMethod.POST, at("/oauth/locationToken")).putHeader("Content-Type", FORM);
        return sendAs(companyToken, request, form(fields))
                .compose(answer -> GrantReading.minted(companyId, locationId, answer));
    }

    @Override
    public Future<Secret> reconnect(OAuthClient client, Resource resource) {
        var body = new JsonObject()
                .put("clientKey", client.clientId())
                .put("clientSecret", client.clientSecret().reveal())
                .put(resource.isCompany() ? "companyId" : "locationId", resource.id());
        var request = to(HttpMethod.POST, at("/oauth/reconnect")).putHeader("Content-Type", JSON);
        return send(request, body.toBuffer(), client.clientSecret()).compose(GrantReading::code);
    }

    @Override
    public Future<InstalledLocations> installedLocations(
            Secret companyToken, OAuthClient client, String companyId, int skip, int limit) {
        var query = new LinkedHashMap<String, String>();
        query.put("companyId", companyId);
        query.put("appId", client.appId());
        query.put("isInstalled", "true");
        query.put("skip", String.valueOf(skip));
        query.put("limit", String.valueOf(limit));
        var target = at("/oauth/installedLocations?" + form(query));
        return sendAs(companyToken, to(HttpMethod.GET, target), Buffer.buffer())
                .compose(answer -> GrantReading.installed(skip, answer));
    }

    public Future<Void> close() {
        return wire.close();
    }

    private Future<JsonObject> token(OAuthClient client, Map<String, String> fields, Secret used) {
        var url = origin.tokenUrls().getOrDefault(client.app(), at("/oauth/token"));
        var request = to(HttpMethod.POST, url).putHeader("Content-Type", FORM);
        return send(request, form(fields), used, client.clientSecret());
    }

    private Future<JsonObject> sendAs(Secret bearer, RequestOptions request, Buffer body) {
        if (!OAuthFields.isToken(bearer.reveal())) {
            return Future.failedFuture(Unanswered.unsent("the access token cannot stand in a header field"));
        }
        request.putHeader("Authorization", "Bearer " + bearer.reveal()).putHeader("Version", VERSION);
        return send(request, body, bearer);
    }

    private Future<JsonObject> send(RequestOptions request, Buffer body, Secret... sent) {
        var secrets = List.of(sent).stream().map(Secret::reveal).toList();
        return wire.send(request, body).compose(reply -> reply.judged(secrets));
    }

    private static Map<String, String> identity(OAuthClient client, String grantType) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("client_id", client.clientId());
        fields.put("client_secret", client.clientSecret().reveal());
        fields.put("grant_type", grantType);
        return fields;
    }

    private URI at(String target) {
        return origin.base().resolve(target);
    }

    private RequestOptions to(HttpMethod method, URI url) {
        return new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(url.toString())
                .putHeader("Accept", JSON)
                .putHeader("User-Agent", origin.userAgent());
    }

    private static Buffer form(Map<String, String> fields) {
        return Buffer.buffer(fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&")));
    }
}
