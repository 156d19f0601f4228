package io.ghlgateway.wiring;

import io.ghlgateway.credentials.TokenPeek;
import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.Obstacle;
import io.ghlgateway.dispatch.Prospect;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.edge.Admission;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.limits.Standing.Policy;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An answer's parts, as operators see them. */
final class ExplanationView {

    private ExplanationView() {}

    static JsonObject refusal(Refusal refusal) {
        var json = new JsonObject()
                .put("code", refusal.code().wire())
                .put("status", refusal.code().status())
                .put("detail", Secret.blotted(refusal.detail()));
        refusal.cause().map(Obstacle::wire).ifPresent(cause -> json.put("cause", cause));
        refusal.retryAfter().ifPresent(wait -> json.put("retry-after-ms", ceilMillis(wait)));
        return json;
    }

    static JsonObject route(Route route) {
        var json = new JsonObject()
                .put("operation", route.method() + " " + route.label())
                .put("known", route.isKnown())
                .put("version", route.defaultVersion())
                .put("token", word(route.tokenKind()));
        return route.namesTenantInBody() ? json.put("body", "may name the tenant, too, and must agree then") : json;
    }

    static JsonObject tenant(Tenant tenant, Admission.Foretold foretold) {
        return new JsonObject()
                .put("id", tenant.id())
                .put("app", tenant.app().id())
                .put("resource", tenant.resource().toString())
                .put(
                        "named-by",
                        new JsonArray(
                                foretold.namedBy().stream().map(Secret::blotted).toList()));
    }

    static JsonObject credential(Optional<TokenPeek> peek) {
        var json = new JsonObject();
        peek.ifPresent(seen -> {
            seen.kind().ifPresent(kind -> json.put("kind", word(kind)));
            json.put("whose", seen.whose()).put("health", seen.health().wire());
            seen.expires().ifPresent(end -> json.put("expires", end.toString()));
            seen.refusal().ifPresent(why -> json.put("refusal", refusal(Refusal.of(why))));
        });
        return json;
    }

    static JsonObject budget(Budget budget, List<Left> routes) {
        var standing = budget.standing();
        var lefts = Stream.concat(standing.lefts().stream(), routes.stream())
                .collect(Collectors.toMap(Left::policy, left -> left, (one, other) -> one));
        var json = new JsonObject()
                .put("key", budget.key().toString())
                .put("limit", limit(budget.limit()))
                .put("held-ms", budget.held().toMillis())
                .put("left-to-others", budget.restraint().foreign())
                .put(
                        "at-once",
                        Math.min(budget.limit().requests(), budget.restraint().allowance()))
                .put("replicas", budget.replicas())
                .put(
                        "windows",
                        new JsonArray(standing.policies().stream()
                                .map(policy -> window(policy, Optional.ofNullable(lefts.get(policy.name()))))
                                .toList()));
        budget.dayExhaustedIn().ifPresent(left -> json.put("day-lasts-ms", left.toMillis()));
        return json;
    }

    private static JsonObject limit(Limit limit) {
        return new JsonObject()
                .put("requests", limit.requests())
                .put("per-ms", limit.per().toMillis())
                .put("daily", limit.daily());
    }

    private static JsonObject window(Policy policy, Optional<Left> left) {
        var json = new JsonObject()
                .put("name", policy.name())
                .put("requests", policy.requests())
                .put("per-ms", policy.per().toMillis());
        left.ifPresent(known -> json.put("left", known.requests())
                .put("full-in-ms", known.refill().toMillis()));
        return json;
    }

    static JsonObject queue(Call call, Prospect prospect, int waiting) {
        return new JsonObject()
                .put("waiting", waiting)
                .put("urgency", call.urgency().level())
                .put("position", prospect.position())
                .put("wait-ms", ceilMillis(prospect.forecast().delay()))
                .put("cause", prospect.forecast().cause().wire())
                .put("patience-ms", call.deadline().patience().toMillis());
    }

    private static long ceilMillis(Duration wait) {
        return wait.plusNanos(999_999).toMillis();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
