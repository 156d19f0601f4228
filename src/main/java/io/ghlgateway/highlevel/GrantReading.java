package io.ghlgateway.highlevel;

import io.ghlgateway.highlevel.OAuthApi.InstalledLocations;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a token endpoint granted. An answer that lacks something it must have is none, whatever its status: saving
 * half a grant would lose the customer that a repeated call would keep. Pure.
 */
final class GrantReading {

    private static final Duration SHORTEST = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofDays(10);

    private GrantReading() {}

    /** A grant that can be renewed, whosever it is. */
    static Future<TokenGrant> renewable(JsonObject answer) {
        var fields = new OAuthFields(answer);
        var resource = resource(fields);
        if (resource.isEmpty()) {
            return missing("userType and the id that belongs to it");
        }
        if (fields.token("refresh_token").isEmpty()) {
            return missing("refresh_token");
        }
        return grant(fields, resource.get());
    }

    /** The same, for a token whose kind is known. */
    static Future<TokenGrant> renewed(Resource.Kind kind, JsonObject answer) {
        return renewable(answer)
                .compose(grant -> grant.resource().kind() == kind
                        ? Future.succeededFuture(grant)
                        : missing("userType " + kind.name().toLowerCase(Locale.ROOT)));
    }

    /** A location's grant made of its company's; some descriptions of it leave out {@code userType}. */
    static Future<TokenGrant> minted(String companyId, String locationId, JsonObject answer) {
        var fields = new OAuthFields(answer);
        boolean isLocations = fields.text("user_type")
                .map(type -> type.equalsIgnoreCase("Location"))
                .orElse(true);
        boolean isItsCompanys = fields.text("company_id").map(companyId::equals).orElse(true);
        boolean isAskedFor = fields.id("location_id").map(locationId::equals).orElse(false);
        return isLocations && isItsCompanys && isAskedFor
                ? grant(fields, Resource.location(locationId))
                : missing("locationId of the location that was asked for");
    }

    /** The authorization code that a reconnection gave. */
    static Future<Secret> code(JsonObject answer) {
        return new OAuthFields(answer)
                .token("authorization_code")
                .map(code -> Future.succeededFuture(Secret.of(code)))
                .orElseGet(() -> missing("authorizationCode"));
    }

    /** @param skip how many locations come before this page */
    static Future<InstalledLocations> installed(int skip, JsonObject answer) {
        var fields = new OAuthFields(answer);
        var listed = fields.list("locations").or(() -> fields.list("items"));
        var total = fields.number("count")
                .or(() -> fields.object("pagination").flatMap(pages -> pages.number("total")))
                .or(() -> fields.object("metadata").flatMap(pages -> pages.number("total")));
        if (listed.isEmpty() || total.isEmpty()) {
            return missing("locations and their count");
        }
        var ids = new ArrayList<String>();
        for (var item : listed.get()) {
            var location = new OAuthFields(item instanceof JsonObject object ? object : new JsonObject());
            var id = location.id("_id").or(() -> location.id("id")).or(() -> location.id("location_id"));
            if (id.isEmpty()) {
                return missing("the id of a location");
            }
            if (!location.says("is_installed", false)) {
                ids.add(id.get());
            }
        }
        int seen = skip + listed.get().size();
        long said = Math.min(Integer.MAX_VALUE, total.get().longValue());
        return Future.succeededFuture(new InstalledLocations(ids, (int) Math.max(seen, said)));
    }

    private static Future<TokenGrant> grant(OAuthFields fields, Resource resource) {
        var accessToken = fields.token("access_token");
        var expiresIn = fields.number("expires_in").filter(seconds -> seconds.longValue() > 0);
        if (accessToken.isEmpty()) {
            return missing("access_token");
        }
        if (expiresIn.isEmpty()) {
            return missing("expires_in");
        }
        return Future.succeededFuture(new TokenGrant(
                resource,
                resource.kind() == Resource.Kind.COMPANY ? Optional.of(resource.id()) : fields.id("company_id"),
                fields.id("user_id"),
                Secret.of(accessToken.get()),
                fields.token("refresh_token").map(Secret::of),
                sane(expiresIn.get().longValue()),
                scopes(fields),
                fields.says("is_bulk_installation", true)));
    }

    /** A company's id comes with a location's token too: the type alone says whose it is. */
    private static Optional<Resource> resource(OAuthFields fields) {
        return fields.text("user_type").flatMap(type -> switch (type) {
            case "Company" -> fields.id("company_id").map(Resource::company);
            case "Location" -> fields.id("location_id").map(Resource::location);
            default -> Optional.empty();
        });
    }

    /** A life that cannot be is no reason to throw the tokens away. */
    private static Duration sane(long seconds) {
        return Duration.ofSeconds(Math.max(SHORTEST.toSeconds(), Math.min(LONGEST.toSeconds(), seconds)));
    }

    private static Set<String> scopes(OAuthFields fields) {
        var scopes = new LinkedHashSet<String>();
        fields.text("scope").map(text -> text.trim().split("\\s+")).ifPresent(words -> scopes.addAll(List.of(words)));
        fields.list("scope")
                .map(JsonArray::stream)
                .ifPresent(list -> list.filter(String.class::isInstance)
                        .map(String.class::cast)
                        .forEach(scopes::add));
        return scopes;
    }

    private static <T> Future<T> missing(String what) {
        return Future.failedFuture(new Unanswered("HighLevel answered without " + what));
    }
}
