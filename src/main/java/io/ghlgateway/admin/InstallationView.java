package io.ghlgateway.admin;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.RenewalSchedule;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** An installation as operators see it: everything but its tokens. */
record InstallationView(RenewalSchedule schedule) {

    JsonObject of(Installation installation) {
        var key = installation.key();
        var json = new JsonObject()
                .put("app", key.app().id())
                .put("resource", key.resource().toString())
                .put("kind", key.resource().isCompany() ? "Company" : "Location")
                .put("origin", word(installation.origin()));
        installation.companyId().ifPresent(id -> json.put("company", id));
        json.put("scopes", new JsonArray(List.copyOf(new TreeSet<>(installation.scopes()))))
                .put("status", word(installation.status()))
                .put("reason", installation.reason())
                .put("generation", installation.generation());
        installation
                .tokens()
                .ifPresent(tokens -> json.put("expires", tokens.expires().toString()));
        installation.version().ifPresent(version -> json.put("version", version.id()));
        schedule.next(key).ifPresent(next -> json.put("renews", next.toString()));
        return json.put("changed", installation.changed().toString());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
