package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** What an upstream says it has accepted and refused. */
record UpstreamCounts(long accepted, long refused) {

    /** Asks a simulator; the failure names the address. */
    static Future<UpstreamCounts> ask(HttpClient client, URI simulator) {
        String address = simulator + ControlDoor.PATHS + "stats";
        return client.request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address))
                .compose(request -> request.send())
                .compose(response -> response.body())
                .map(JsonObject::new)
                .map(counts -> new UpstreamCounts(counts.getLong("accepted"), counts.getLong("refused")))
                .recover(failure ->
                        Future.failedFuture(new IllegalStateException("no counts to be had at " + address, failure)));
    }

    UpstreamCounts since(UpstreamCounts before) {
        return new UpstreamCounts(accepted - before.accepted, refused - before.refused);
    }
}
