package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.credentials.ChangedMeanwhile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes that take JSON and answer JSON, or say in {@code application/problem+json} why not. Nothing of it is cached. */
record JsonRoutes(Router router) {

    static final long MOST_BODY = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(JsonRoutes.class);
    private static final int TOO_LARGE = 413;

    void on(HttpMethod method, String path, Function<RoutingContext, Future<Answer>> handler) {
        on(method, path, MOST_BODY, handler);
    }

    /** @param mostBody of the request, in bytes */
    void on(HttpMethod method, String path, long mostBody, Function<RoutingContext, Future<Answer>> handler) {
        router.route(method, path)
                .handler(BodyHandler.create(false).setBodyLimit(mostBody))
                .handler(context -> answer(context, handler))
                .failureHandler(context -> refuse(context, mostBody));
    }

    /** The request's body. */
    static JsonObject body(RoutingContext context) {
        var buffer = context.body().buffer();
        if (buffer != null && buffer.length() > 0) {
            try {
                return new JsonObject(buffer);
            } catch (DecodeException | ClassCastException noObject) {
                // Not with its message: that quotes what was sent.
            }
        }
        throw Problem.of(400, "the body: expected a JSON object");
    }

    static JsonObject bodyOrNothing(RoutingContext context) {
        var buffer = context.body().buffer();
        return buffer == null || buffer.length() == 0 ? new JsonObject() : body(context);
    }

    /**
     * The query, as a body would say it.
     *
     * @param number the parameter that is one, where it is written as one
     */
    static JsonObject query(RoutingContext context, String number) {
        var query = new JsonObject();
        context.queryParams().forEach(each -> query.put(each.getKey(), each.getValue()));
        if (query.getString(number, "").matches("[0-9]{1,9}")) {
            query.put(number, Integer.valueOf(query.getString(number)));
        }
        return query;
    }

    /**
     * The name that stands in the path.
     *
     * @param whose as people read it
     */
    static String name(RoutingContext context, String whose) {
        var name = context.pathParam("name");
        if (!Fields.isName(name)) {
            throw Problem.of(400, "the " + whose + "'s name: expected " + Fields.NAME);
        }
        return name;
    }

    private static void answer(RoutingContext context, Function<RoutingContext, Future<Answer>> handler) {
        var here = context.vertx().getOrCreateContext();
        Future<Answer> answered;
        try {
            answered = handler.apply(context);
        } catch (Problem problem) {
            answered = Future.failedFuture(problem);
        }
        answered.onComplete(ended -> here.runOnContext(back -> {
            if (ended.succeeded()) {
                var answer = ended.result();
                send(context, answer.status(), "application/json", answer.body());
            } else {
                send(context, problem(ended.cause()));
            }
        }));
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof Problem known) {
            return known;
        }
        return failure instanceof ChangedMeanwhile
                ? Problem.of(409, failure.getMessage())
                : Problem.of(503, "it could not be done now, and may be tried again: " + failure.getMessage());
    }

    private static void refuse(RoutingContext context, long mostBody) {
        if (context.statusCode() == TOO_LARGE) {
            send(context, Problem.of(TOO_LARGE, "the body: expected at most " + mostBody + " bytes"));
            return;
        }
        if (context.response().ended() || context.response().closed()) {
            return; // as when the connection broke in the middle of the body
        }
        var failure = context.failure();
        LOG.error("{} failed", context.currentRoute().getPath(), failure);
        send(context, Problem.of(500, "it failed; the log says more"));
    }

    /** Answers at these paths where what they need is not configured. */
    static void refuse(Router router, String detail, String... paths) {
        for (var path : paths) {
            router.route(path).handler(context -> send(context, Problem.of(409, detail)));
        }
    }

    static void send(RoutingContext context, Problem problem) {
        send(
                context,
                problem.status(),
                "application/problem+json",
                problem.body().toBuffer());
    }

    private static void send(RoutingContext context, int status, String type, Buffer body) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("Cache-Control", "no-store");
        if (body.length() > 0) {
            response.putHeader("Content-Type", type);
        }
        response.end(body);
    }
}
