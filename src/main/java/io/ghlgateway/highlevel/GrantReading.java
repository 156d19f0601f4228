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
 * half a grant would lose the customer that a repeated call would keep. What can be known without the answer it need not
 * say, for the tokens in it were paid for with a code or token that is used up. Pure.
 */
final class GrantReading {

    /** What HighLevel documents. */
    private static final long USUAL_SECONDS = 86_399;

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
        return grant(fields, resource);
    }

    /** The same for an account that is known: what is not said is as before, and only what says otherwise is refused. */
    static Future<TokenGrant> renewed(Resource.Kind kind, JsonObject answer) {
        var fields = new OAuthFields(answer);
        if (fields.token("refresh_token").isEmpty()) {
            return missing("refresh_token");
        }
        if (fields.isSaid("user_type")) {
            boolean isOfKind = fields.text("user_type")
                    .filter(type -> type.equalsIgnoreCase(kind.name()))
                    .isPresent();
            if (!isOfKind) {
                return missing("userType " + kind.name().toLowerCase(Locale.ROOT));
            }
        } else if (kind == Resource.Kind.COMPANY && fields.isSaid("location_id")) {
            return missing("userType, but with a locationId, which a company's token does not have");
        }
        var name = kind == Resource.Kind.COMPANY ? "company_id" : "location_id";
        var id = fields.id(name);
        if (fields.isSaid(name) && id.isEmpty()) {
            return missing("an id that is one");
        }
        return grant(fields, id.map(said -> new Resource(kind, said)));
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
                ? grant(fields, Optional.of(Resource.location(locationId)))
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
            if (!location.denies("is_installed")) {
                ids.add(id.get());
            }
        }
        int rows = listed.get().size();
        long said = Math.min(Integer.MAX_VALUE, total.get().longValue());
        return Future.succeededFuture(new InstalledLocations(ids, rows, (int) Math.max(skip + rows, said)));
    }

    private static Future<TokenGrant> grant(OAuthFields fields, Optional<Resource> said) {
        var accessToken = fields.token("access_token");
        if (accessToken.isEmpty()) {
            return missing("access_token");
        }
        return Future.succeededFuture(new TokenGrant(
                said,
                fields.id("company_id"),
                fields.id("user_id"),
                Secret.of(accessToken.get()),
                fields.token("refresh_token").map(Secret::of),
                sane(fields.number("expires_in").map(Number::longValue).orElse(USUAL_SECONDS)),
                scopes(fields)));
    }

    /** A company's id comes with a location's token too: the type alone says whose it is. */
    private static Optional<Resource> resource(OAuthFields fields) {
        return fields.text("user_type").flatMap(type -> switch (type) {
            case "Company" -> fields.id("company_id").map(Resource::company);
            case "Location" -> fields.id("location_id").map(Resource::location);
            default -> Optional.empty();
        });
    }

    /** A life that cannot be, or is not said, is no reason to throw the tokens away. */
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
