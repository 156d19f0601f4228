package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.Installation;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A company's locations and whether its app is in each. An app that is in the company is in all of its locations, those
 * that come later too, but for those that it was revoked from.
 */
final class InstalledLocations {

    private final Marketplace marketplace;
    private final Installation company;
    private final Visit visit;
    private final MultiMap query;

    InstalledLocations(Marketplace marketplace, Installation company, Visit visit, MultiMap query) {
        this.marketplace = marketplace;
        this.company = company;
        this.visit = visit;
        this.query = query;
    }

    Answer answer() {
        Optional<Answer> incomplete = visit.voice().incomplete(List.of("companyId", "appId"), this::said);
        if (incomplete.isPresent()) {
            return incomplete.get();
        }
        boolean own = said("companyId").filter(company.resource()::equals).isPresent()
                && said("appId").filter(company.app().appId()::equals).isPresent();
        if (!own) {
            return visit.refusal(Wording.FORBIDDEN_RESOURCE);
        }
        return Paging.wrong(visit.path(), query, new JsonObject())
                .map(wrong -> wrong.refusal(visit.voice()))
                .orElseGet(this::page);
    }

    private Answer page() {
        Paging paging = Paging.of(query, new JsonObject()).capped(marketplace.locationsAtOnce());
        List<String> all =
                company.company().locations().stream().filter(this::isAskedFor).toList();
        JsonArray page = new JsonArray(all.stream()
                .skip(paging.skip())
                .limit(paging.limit())
                .map(this::location)
                .toList());
        JsonObject json = new JsonObject().put("installToFutureLocations", true);
        if (!visit.path().endsWith("installed-locations")) {
            return visit.voice().json(200, json.put("locations", page).put("count", all.size()));
        }
        boolean more = all.size() > (long) paging.skip() + paging.limit();
        return visit.voice()
                .json(
                        200,
                        json.put("items", page)
                                .put("pagination", paging.toJson(all.size(), more))
                                .put("metadata", new JsonObject().put("count", all.size())));
    }

    private boolean isAskedFor(String location) {
        boolean named = said("locationId").map(location::equals).orElse(true);
        boolean found = said("query")
                .map(words -> name(location).toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT)))
                .orElse(true);
        boolean inState = said("isInstalled")
                .map(state -> Boolean.parseBoolean(state) == isInstalled(location))
                .orElse(true);
        return named && found && inState;
    }

    private JsonObject location(String id) {
        return new JsonObject()
                .put("_id", id)
                .put("name", name(id))
                .put("address", "1 Main Street")
                .put("isInstalled", isInstalled(id))
                .put("versionId", company.app().appId());
    }

    private boolean isInstalled(String location) {
        return marketplace
                .installation(company.app(), location)
                .map(Installation::isActive)
                .orElse(true);
    }

    private static String name(String location) {
        return "Location " + location;
    }

    private Optional<String> said(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
    }
}
