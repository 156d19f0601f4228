package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A running simulator with two apps, and the calls that apps make. */
final class RunningOAuth implements AutoCloseable {

    static final String CLIENT = "crmapp-k1";
    static final String SECRET = "s3cret";
    static final String CALLBACK = "https://app.example/callback?from=crm";

    private final RunningSimulator simulator;

    RunningOAuth() {
        this(options());
    }

    RunningOAuth(SimulatorOptions.Builder options) {
        simulator = new RunningSimulator(options.build());
    }

    static SimulatorOptions.Builder options() {
        return RunningSimulator.prompt()
                .app("crm", CLIENT, SECRET)
                .redirectUri("crm", CALLBACK)
                .app("other", "otherapp-k1", "s3cret2")
                .company("co", List.of("locA", "locB", "locC"))
                .company("else", List.of("locX"));
    }

    RunningSimulator simulator() {
        return simulator;
    }

    /** @param fields names and values in turn */
    HttpResponse<String> token(String... fields) {
        return simulator.send(form("/oauth/token", fields));
    }

    HttpResponse<String> refresh(String refreshToken) {
        return token(
                "client_id",
                CLIENT,
                "client_secret",
                SECRET,
                "grant_type",
                "refresh_token",
                "refresh_token",
                refreshToken);
    }

    HttpResponse<String> exchange(String code) {
        return token("client_id", CLIENT, "client_secret", SECRET, "grant_type", "authorization_code", "code", code);
    }

    HttpResponse<String> mint(String bearer, String... fields) {
        return simulator.send(form("/oauth/locationToken", fields)
                .header("Authorization", "Bearer " + bearer)
                .header("Version", "2021-07-28"));
    }

    HttpResponse<String> get(String bearer, String path) {
        return get(bearer, path, "2021-07-28");
    }

    HttpResponse<String> get(String bearer, String path, String version) {
        return simulator.send(simulator
                .bare("GET", path, "")
                .header("Authorization", "Bearer " + bearer)
                .header("Version", version));
    }

    HttpRequest.Builder form(String path, String... fields) {
        String body = IntStream.range(0, fields.length / 2)
                .mapToObj(at -> fields[2 * at] + "=" + URLEncoder.encode(fields[2 * at + 1], StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return simulator.bare("POST", path, body).header("Content-Type", "application/x-www-form-urlencoded");
    }

    HttpRequest.Builder json(String path, JsonObject body) {
        return simulator.bare("POST", path, body.encode()).header("Content-Type", "application/json");
    }

    HttpResponse<String> control(JsonObject order) {
        return simulator.send(simulator.bare("POST", "/_simulator/oauth", order.encode()));
    }

    /** The app's tokens in a location, or in the company {@code co}. */
    JsonObject installed(String resource, String... scopes) {
        return order(new JsonObject().put("token", installation(resource, scopes)));
    }

    String code(String resource) {
        return order(new JsonObject().put("install", installation(resource))).getString("code");
    }

    JsonObject order(JsonObject order) {
        HttpResponse<String> answer = control(order);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return new JsonObject(answer.body());
    }

    /** What the control door says of one installation. */
    JsonObject state(String resource) {
        return state().getJsonArray("installations").stream()
                .map(JsonObject.class::cast)
                .filter(held -> held.getString("resource").equals(resource))
                .findFirst()
                .orElseThrow();
    }

    JsonObject state() {
        return new JsonObject(
                simulator.send(simulator.bare("GET", "/_simulator/oauth", "")).body());
    }

    private static JsonObject installation(String resource, String... scopes) {
        return new JsonObject()
                .put("app", "crm")
                .put(resource.equals("co") ? "company" : "location", resource)
                .put("scopes", new JsonArray(List.of(scopes)));
    }

    @Override
    public void close() {
        simulator.close();
    }
}
