package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.admin.Explainer.Question;
import io.ghlgateway.admin.Explainer.Unknown;
import io.ghlgateway.tenancy.Permissions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request would meet at the proxy door, told without making it. */
public record ExplainApi(Explainer explainer) {

    private static final String PATH = "/admin/v1/explain";
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,16}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}([.][0-9]{1,9})?");

    /** Behind whatever guards the router. */
    void mount(Router router) {
        new JsonRoutes(router).on(HttpMethod.GET, PATH, this::explain);
    }

    private Future<Answer> explain(RoutingContext context) {
        var question = read(context);
        return context.vertx()
                .executeBlocking(() -> explainer.explain(question), false)
                .compose(answer -> answer)
                .map(Answer::ok)
                .recover(failure -> Future.failedFuture(
                        failure instanceof Unknown unknown ? Problem.bad(unknown.problems()) : failure));
    }

    private static Question read(RoutingContext context) {
        var query = JsonRoutes.query(context, "urgency");
        var fields = new Fields(query, "method", "path", "caller", "tenant", "app", "wait", "urgency");
        context.queryParams().names().stream()
                .filter(name -> context.queryParams().getAll(name).size() > 1)
                .forEach(name -> fields.problem(name, "expected once"));
        var method = query.getString("method", "GET");
        if (!METHOD.matcher(method).matches()) {
            fields.problem("method", "expected a word such as GET or POST");
        }
        fields.required("path", "what stands behind the host: /contacts/abc, its own query with %3F for '?'");
        var path = query.getString("path", "/");
        if (!path.startsWith("/")) {
            fields.problem("path", "expected one that begins with '/', such as /contacts/abc");
        }
        fields.required("caller", "the name of one in callers");
        var wait = query.getString("wait", "0");
        if (!SECONDS.matcher(wait).matches()) {
            fields.problem("wait", "expected a number of seconds, 0 or more");
        }
        var named = fields.name("caller");
        var tenant = fields.name("tenant");
        var app = fields.app("app");
        var urgency = fields.whole("urgency", 0, Permissions.LEAST_URGENT).map(Long::intValue);
        fields.check();
        return new Question(
                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                path,
                named.orElseThrow(),
                tenant,
                app,
                Optional.ofNullable(query.getString("wait")),
                urgency);
    }
}
