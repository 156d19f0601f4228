package io.ghlgateway.admin;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Installations, those first that need somebody and then those whose tokens end first.
 *
 * @param unkept how many are not kept where they must be
 */
record CredentialOverview(
        Supplier<Collection<Installation>> installations,
        IntSupplier unkept,
        Function<Installation, JsonObject> view,
        InstantSource clock) {

    private static final int MOST = 20;

    private static final Comparator<Installation> URGENT = Comparator.comparing(CredentialOverview::isWell)
            .thenComparing(CredentialOverview::ends)
            .thenComparing(each -> each.key().toString());

    /** {@code next} is the one whose good token ends next, however many need somebody and are shown before it. */
    JsonObject now() {
        var now = clock.instant();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int ended = 0;
        Optional<Installation> next = Optional.empty();
        var first = new PriorityQueue<>(MOST + 1, URGENT.reversed());
        for (var installation : installations.get()) {
            counts.merge(installation.status(), 1, Integer::sum);
            boolean isWell = isWell(installation);
            if (isWell && installation.tokens().isPresent()) {
                if (ends(installation).isBefore(now)) {
                    ended++;
                } else if (next.isEmpty() || URGENT.compare(installation, next.get()) < 0) {
                    next = Optional.of(installation);
                }
            }
            if (installation.status() != Status.REVOKED
                    && (installation.tokens().isPresent() || !isWell)) {
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
        var overview = new JsonObject()
                .put("statuses", statuses)
                .put("ended", ended)
                .put("unkept", unkept.getAsInt())
                .put("first", new JsonArray(shown.stream().map(this::json).toList()));
        next.ifPresent(installation -> overview.put("next", json(installation)));
        return overview;
    }

    /** Without the scopes: there may be a hundred. */
    private JsonObject json(Installation installation) {
        var json = view.apply(installation);
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
