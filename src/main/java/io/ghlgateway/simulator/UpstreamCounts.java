package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Set;

/**
 * What an upstream says it has accepted and refused.
 *
 * @param started since when it has counted
 * @param anew of a difference: whether it began to count anew in between, so that less is known than was asked for
 */
record UpstreamCounts(long accepted, long refused, String started, boolean anew) {

    UpstreamCounts(long accepted, long refused) {
        this(accepted, refused, "", false);
    }

    /**
     * Asks a simulator; the failure names the address.
     *
     * @param resources whose calls are meant; empty: everybody's
     */
    static Future<UpstreamCounts> ask(HttpClient client, URI simulator, Set<String> resources) {
        String address = simulator + ControlDoor.PATHS + "stats";
        return client.request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address))
                .compose(request -> request.send())
                .compose(response -> response.body())
                .map(body -> read(new JsonObject(body), resources))
                .recover(failure ->
                        Future.failedFuture(new IllegalStateException("no counts to be had at " + address, failure)));
    }

    private static UpstreamCounts read(JsonObject stats, Set<String> resources) {
        return new UpstreamCounts(
                sum(stats, "accepted", resources),
                sum(stats, "refused", resources),
                stats.getString("started", ""),
                false);
    }

    private static long sum(JsonObject stats, String count, Set<String> resources) {
        if (resources.isEmpty()) {
            return stats.getLong(count);
        }
        JsonObject each = stats.getJsonObject("resources");
        return resources.stream()
                .filter(each::containsKey)
                .mapToLong(resource -> each.getJsonObject(resource).getLong(count))
                .sum();
    }

    /** What came since; where it was started anew or reset in between, what it has counted since then. */
    UpstreamCounts since(UpstreamCounts before) {
        return !started.equals(before.started) || accepted < before.accepted || refused < before.refused
                ? new UpstreamCounts(accepted, refused, started, true)
                : new UpstreamCounts(accepted - before.accepted, refused - before.refused, started, false);
    }
}
