package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** What an upstream says it has accepted and refused. */
record UpstreamCounts(long accepted, long refused) {

    /** Asks a simulator. */
    static Future<UpstreamCounts> ask(HttpClient client, URI simulator) {
        RequestOptions stats =
                new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(simulator + ControlDoor.PATHS + "stats");
        return client.request(stats)
                .compose(request -> request.send())
                .compose(response -> response.body())
                .map(JsonObject::new)
                .map(counts -> new UpstreamCounts(counts.getLong("accepted"), counts.getLong("refused")));
    }

    UpstreamCounts since(UpstreamCounts before) {
        return new UpstreamCounts(accepted - before.accepted, refused - before.refused);
    }
}
