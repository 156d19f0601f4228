package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.admin.Reloader.NotReloaded;
import io.ghlgateway.admin.Reloader.Reloaded;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** Has the configuration taken over as it is written now. */
public record ReloadApi(Reloader reloader) {

    static final String PATH = "/admin/v1/reload";

    void mount(Router router) {
        new JsonRoutes(router)
                .on(
                        HttpMethod.POST,
                        PATH,
                        context -> reloader.reload()
                                .map(ReloadApi::answer)
                                .recover(cause -> Future.failedFuture(
                                        cause instanceof NotReloaded refused
                                                ? Problem.bad(refused.problems())
                                                : cause)));
    }

    /** The same path where there is no file. */
    static void refuse(Router router) {
        JsonRoutes.refuse(router, "there is no file to read again: start with serve --config FILE", PATH);
    }

    private static Answer answer(Reloaded reloaded) {
        return Answer.ok(new JsonObject()
                .put("changed", new JsonArray(reloaded.changed()))
                .put("warnings", new JsonArray(reloaded.warnings())));
    }
}
