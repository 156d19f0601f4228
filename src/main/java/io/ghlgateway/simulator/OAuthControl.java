package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.Code;
import io.ghlgateway.simulator.oauth.Company;
import io.ghlgateway.simulator.oauth.Denial;
import io.ghlgateway.simulator.oauth.Installation;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.ghlgateway.simulator.oauth.Ruling;
import io.ghlgateway.simulator.oauth.TokenPair;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a tester may ask of OAuth and do to it. An order is an object with one field:
 *
 * <ul>
 *   <li>{@code {"install": {"app", "company" | "location", "scopes"}}} gives a code, as after someone's consent;
 *   <li>{@code {"token": …}}, of the same, gives the tokens themselves, as {@code /oauth/token} would;
 *   <li>{@code {"pause" | "resume": {"location"}}};
 *   <li>{@code {"revoke": {"app", "resource"}}} uninstalls; {@code {"expire": …}}, of the same, makes its access tokens
 *       invalid from now on;
 *   <li>{@code {"addLocation": {"company", "location"}}}.
 * </ul>
 *
 * <p>A wrong order is an {@link IllegalArgumentException} that says what is wrong. Owned by the simulator's event loop.
 */
final class OAuthControl {

    private final Marketplace marketplace;
    private final TokenTraffic traffic;

    OAuthControl(Marketplace marketplace, TokenTraffic traffic) {
        this.marketplace = marketplace;
        this.traffic = traffic;
    }

    JsonObject state() {
        JsonArray installations = new JsonArray();
        marketplace.installations().forEach(held -> installations.add(state(held)));
        return new JsonObject().put("installations", installations).put("tokenEndpoint", traffic.toJson());
    }

    /** @param all also installations and tokens, not the counts of calls alone */
    void reset(boolean all) {
        traffic.reset();
        if (all) {
            marketplace.reset();
        }
    }

    JsonObject obey(JsonObject order) {
        if (order.size() != 1) {
            throw new IllegalArgumentException(
                    "one of install, token, pause, resume, revoke, expire, addLocation was expected, not "
                            + order.fieldNames());
        }
        String verb = order.fieldNames().iterator().next();
        if (!(order.getValue(verb) instanceof JsonObject object)) {
            throw new IllegalArgumentException(verb + ": an object was expected");
        }
        return switch (verb) {
            case "install" -> new JsonObject().put("code", consent(verb, object).text());
            case "token" -> tokens(consent(verb, object));
            case "pause" -> {
                owner(verb, object).pause(location(verb, object));
                yield done(verb, object);
            }
            case "resume" -> {
                owner(verb, object).resume(location(verb, object));
                yield done(verb, object);
            }
            case "revoke" -> {
                Installation revoked = installation(verb, object);
                marketplace.revoke(revoked);
                yield state(revoked);
            }
            case "expire" -> {
                Installation expired = installation(verb, object);
                marketplace.expire(expired);
                yield state(expired);
            }
            case "addLocation" -> {
                marketplace.directory().add(company(verb, text(verb, object, "company")), location(verb, object));
                yield done(verb, object);
            }
            default ->
                throw new IllegalArgumentException(
                        "\"" + verb + "\" is none of install, token, pause, resume, revoke, expire, addLocation");
        };
    }

    private JsonObject tokens(Code code) {
        Ruling ruling = marketplace.exchange(code.app(), code.text(), Optional.empty());
        if (ruling instanceof TokenPair pair) {
            return TokenJson.of(pair, false);
        }
        throw new IllegalArgumentException("token: " + ((Denial) ruling).message());
    }

    private Code consent(String verb, JsonObject order) {
        App app = app(verb, order);
        List<String> scopes = scopes(verb, order);
        if (order.containsKey("location")) {
            return marketplace.consent(
                    app, owner(verb, order), Optional.of(location(verb, order)), scopes, Optional.empty());
        }
        return marketplace.consent(
                app, company(verb, text(verb, order, "company")), Optional.empty(), scopes, Optional.empty());
    }

    private static List<String> scopes(String verb, JsonObject order) {
        if (!(order.getValue("scopes", new JsonArray()) instanceof JsonArray listed)) {
            throw new IllegalArgumentException(verb + ".scopes: an array of texts was expected");
        }
        List<String> scopes = new ArrayList<>();
        listed.forEach(scope -> scopes.add(String.valueOf(scope)));
        return scopes;
    }

    private Installation installation(String verb, JsonObject order) {
        App app = app(verb, order);
        String resource = text(verb, order, "resource");
        return marketplace
                .installation(app, resource)
                .orElseThrow(() -> new IllegalArgumentException(
                        verb + ".resource: the app " + app.id() + " is not installed in " + resource));
    }

    private App app(String verb, JsonObject order) {
        String name = text(verb, order, "app");
        return marketplace
                .app(name)
                .orElseThrow(() -> new IllegalArgumentException(verb + ".app: there is no app " + name));
    }

    private Company company(String verb, String id) {
        return marketplace
                .directory()
                .company(id)
                .orElseThrow(() -> new IllegalArgumentException(verb + ".company: there is no company " + id));
    }

    /** The company of the order's location. */
    private Company owner(String verb, JsonObject order) {
        String location = location(verb, order);
        return marketplace
                .directory()
                .companyOf(location)
                .orElseThrow(() -> new IllegalArgumentException(verb + ".location: no company has " + location));
    }

    private static String location(String verb, JsonObject order) {
        return text(verb, order, "location");
    }

    private static String text(String verb, JsonObject order, String field) {
        if (order.getValue(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new IllegalArgumentException(verb + "." + field + ": a text was expected, not " + order.getValue(field));
    }

    private static JsonObject done(String verb, JsonObject order) {
        return new JsonObject().put(verb, location(verb, order));
    }

    private static JsonObject state(Installation held) {
        return new JsonObject()
                .put("app", held.app().id())
                .put("resource", held.resource())
                .put("kind", held.type().toString())
                .put("active", held.isActive())
                .put("rotations", held.rotations())
                .put("mints", held.mints())
                .put("reconnects", held.reconnects())
                .put("graceRepeats", held.graceRepeats())
                .put("invalidGrants", held.invalidGrants())
                .put("refreshTokenHash", held.refreshToken().isEmpty() ? "" : sha256(held.refreshToken()));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(ReceivedBody.sha256Digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
