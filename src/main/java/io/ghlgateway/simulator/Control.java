package io.ghlgateway.simulator;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** The simulator's own paths, {@code /_simulator/…}: they are not counted and need no token. */
final class Control {

    private final FaultScript faults;
    private final Supplier<JsonObject> stats;
    private final Runnable reset;

    Control(FaultScript faults, Supplier<JsonObject> stats, Runnable reset) {
        this.faults = faults;
        this.stats = stats;
        this.reset = reset;
    }

    void handle(HttpServerRequest request) {
        var what = request.method() + " " + request.path();
        switch (what) {
            case "GET /_simulator/stats" -> reply(request, 200, stats.get());
            case "GET /_simulator/faults" -> reply(request, 200, new JsonObject().put("faults", faults.left()));
            case "POST /_simulator/reset" -> {
                reset.run();
                reply(request, 200, new JsonObject().put("reset", true));
            }
            case "POST /_simulator/faults" ->
                request.body().onSuccess(body -> {
                    try {
                        var list = new JsonArray(body)
                                .stream()
                                        .map(entry -> Fault.of((JsonObject) entry))
                                        .toList();
                        faults.add(list);
                        reply(request, 200, new JsonObject().put("faults", faults.left()));
                    } catch (DecodeException | ClassCastException | IllegalArgumentException wrong) {
                        reply(
                                request,
                                400,
                                new JsonObject().put("error", "a list of faults is expected: " + wrong.getMessage()));
                    }
                });
            default -> reply(request, 404, new JsonObject().put("error", "there is no " + what));
        }
    }

    private static void reply(HttpServerRequest request, int status, JsonObject body) {
        if (request.method() != HttpMethod.POST) {
            request.resume();
        }
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }
}
