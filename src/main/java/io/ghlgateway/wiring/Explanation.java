package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Explainer;
import io.ghlgateway.credentials.TokenPeek;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.Deadline;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Urgency;
import io.ghlgateway.edge.Admission;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.settings.Spelling;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a request would meet, asked of those who decide at the proxy door: {@link Admission} whose it is, {@link Lanes} when
 * its turn would come, the token source with what it would be sent. Nothing is decided here.
 */
record Explanation(
        TenantRegistry tenants,
        CallerRegistry callers,
        Admission admission,
        Budgets budgets,
        Lanes lanes,
        TokenSource tokens,
        Ticker ticker)
        implements Explainer {

    private static final int MOST_NAMES = 10;

    @Override
    public Future<JsonObject> explain(Question question) {
        var problems = new ArrayList<String>();
        var caller = callers.named(question.caller());
        if (caller.isEmpty()) {
            problems.add("caller: there is none of this name" + instead(question.caller(), callers.names()));
        }
        question.tenant()
                .filter(name -> !isKnown(name))
                .ifPresent(name -> problems.add("tenant: '" + name
                        + "' is no tenant's alias and no id of a location or company" + instead(name, ids())));
        return problems.isEmpty()
                ? explain(question, caller.orElseThrow())
                : Future.failedFuture(new Unknown(problems));
    }

    private boolean isKnown(String tenant) {
        return !tenants.alias(tenant).isEmpty()
                || !tenants.resource(tenant).isEmpty()
                || tenants.closed(tenant).isPresent();
    }

    private Collection<String> ids() {
        return tenants.all().stream().map(Tenant::id).collect(Collectors.toSet());
    }

    private static String instead(String name, Collection<String> known) {
        var hint = Spelling.hint(name, known);
        return hint.isEmpty()
                ? known.stream()
                        .sorted()
                        .limit(MOST_NAMES)
                        .collect(Collectors.joining(", ", "; there are ", known.size() > MOST_NAMES ? ", …" : ""))
                : hint;
    }

    private Future<JsonObject> explain(Question question, Caller caller) {
        var verdict = admission.foretell(caller, question.method(), question.uri(), headers(question));
        var answer = new JsonObject()
                .put("method", question.method().name())
                .put("path", Secret.blotted(question.uri()))
                .put("route", ExplanationView.route(verdict.route()))
                .put("caller", caller.name());
        if (verdict.tenant().isEmpty()) {
            return Future.succeededFuture(conclude(answer, verdict.refusal(), "admission", false));
        }
        var tenant = verdict.tenant().get();
        var peek = tokens.peek(tenant, verdict.route());
        answer.put("tenant", ExplanationView.tenant(tenant, verdict))
                .put("credential", ExplanationView.credential(peek));
        var call = new Call(
                caller,
                tenant,
                verdict.route(),
                new UpstreamRequest(question.method(), question.uri(), HttpHeaders.headers(), RequestBody.EMPTY),
                Deadline.after(ticker.read(), verdict.patience()),
                admission.urgency(caller, question.urgency().map(Urgency::new).orElse(Urgency.UNSAID)),
                Runnable::run);
        var budget = budgets.of(call.budgetKey(), question.uri());
        return lanes.foretell(call)
                .compose(prospect -> budget.routesLeft().map(routes -> {
                    answer.put("budget", ExplanationView.budget(budget, routes))
                            .put("queue", ExplanationView.queue(call, prospect, lanes.waiting(call.budgetKey())));
                    if (verdict.refusal().isPresent()) {
                        return conclude(answer, verdict.refusal(), "admission", false);
                    }
                    return prospect.refusal().isPresent()
                            ? conclude(answer, prospect.refusal(), "budget", false)
                            : conclude(
                                    answer,
                                    peek.flatMap(TokenPeek::refusal).map(Refusal::of),
                                    "credential",
                                    !prospect.forecast().isNow());
                }));
    }

    private MultiMap headers(Question question) {
        var headers = HttpHeaders.headers();
        question.tenant().ifPresent(name -> {
            boolean isId =
                    tenants.alias(name).isEmpty() && !tenants.resource(name).isEmpty();
            headers.add(isId ? "X-GHL-Location-Id" : "X-Tenant", name);
        });
        question.app().ifPresent(app -> headers.add("X-GHL-App", app));
        question.patience().ifPresent(wait -> headers.add("Prefer", "wait=" + wait));
        return headers;
    }

    /** In the order of the door: who refuses first is the one that the caller hears. */
    private static JsonObject conclude(JsonObject answer, Optional<Refusal> refusal, String by, boolean waits) {
        answer.put("outcome", refusal.isPresent() ? "refused" : waits ? "waits" : "sent");
        refusal.ifPresent(
                why -> answer.put("refusal", ExplanationView.refusal(why).put("by", by)));
        return answer;
    }
}
