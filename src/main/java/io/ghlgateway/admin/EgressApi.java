package io.ghlgateway.admin;

import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.limits.Egress;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Whether anything is sent at all: after HighLevel's edge refused the gateway's address, or by an operator's word. */
final class EgressApi {

    private static final String PATH = "/admin/v1/egress";

    private final Egress egress;
    private final Lanes lanes;

    EgressApi(Egress egress, Lanes lanes) {
        this.egress = egress;
        this.lanes = lanes;
    }

    void mount(JsonRoutes routes) {
        routes.on(HttpMethod.GET, PATH, context -> Future.succeededFuture(view()));
        routes.on(HttpMethod.POST, PATH + "/pause", this::pause);
        routes.on(HttpMethod.POST, PATH + "/resume", context -> egress.wake().map(woken -> view()));
    }

    private Future<Answer> pause(RoutingContext context) {
        long seconds = BudgetApi.seconds(context);
        return egress.rest(Duration.ofSeconds(seconds)).map(rests -> view());
    }

    private Answer view() {
        return Answer.ok(
                new JsonObject().put("held-ms", egress.held().toMillis()).put("waiting", lanes.waiting()));
    }
}
