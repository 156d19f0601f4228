package io.ghlgateway.admin;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.Installations;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Installations, those first that need somebody and then those whose tokens end first. */
final class CredentialOverview {

    private static final int MOST = 20;

    private static final Comparator<Installation> URGENT = Comparator.comparing(CredentialOverview::isWell)
            .thenComparing(CredentialOverview::ends)
            .thenComparing(each -> each.key().toString());

    private final Installations installations;
    private final InstallationView view;
    private final InstantSource clock;

    CredentialOverview(CredentialApi.Rooms rooms, InstantSource clock) {
        this.installations = rooms.installations();
        this.view = new InstallationView(rooms.schedule());
        this.clock = clock;
    }

    JsonObject now() {
        var now = clock.instant();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int ended = 0;
        var first = new PriorityQueue<>(MOST + 1, URGENT.reversed());
        for (var installation : installations.all()) {
            counts.merge(installation.status(), 1, Integer::sum);
            if (installation.status() != Status.REVOKED
                    && (installation.tokens().isPresent() || !isWell(installation))) {
                ended += ends(installation).isBefore(now) ? 1 : 0;
                first.add(installation);
                if (first.size() > MOST) {
                    first.remove();
                }
            }
        }
        List<Installation> shown = new ArrayList<>(first);
        shown.sort(URGENT);
        var statuses = new JsonObject();
        counts.forEach((status, count) -> statuses.put(InstallationView.word(status), count));
        return new JsonObject()
                .put("statuses", statuses)
                .put("ended", ended)
                .put("unkept", installations.unkept())
                .put("first", new JsonArray(shown.stream().map(this::json).toList()));
    }

    /** Without the scopes: there may be a hundred. */
    private JsonObject json(Installation installation) {
        var json = view.of(installation);
        json.remove("scopes");
        return json;
    }

    private static boolean isWell(Installation installation) {
        return installation.status() == Status.ACTIVE;
    }

    private static Instant ends(Installation installation) {
        return installation.tokens().map(tokens -> tokens.expires()).orElse(Instant.MAX);
    }
}
