package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** Private integration tokens as configured, one for each tenant alias. They are static: nothing is ever refreshed. */
public final class PrivateTokenSource implements TokenSource {

    private final Map<String, Future<Token>> byTenant;

    public PrivateTokenSource(Map<String, Token> tokens) {
        var answers = new HashMap<String, Future<Token>>();
        tokens.forEach((tenant, token) -> answers.put(tenant, Future.succeededFuture(token)));
        byTenant = Map.copyOf(answers);
    }

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        var known = byTenant.get(tenant.id());
        if (known == null) {
            return Future.failedFuture(
                    new Unavailable(Reason.NONE, "tenant '" + tenant.id() + "' has no token configured"));
        }
        return route.oauthOnly()
                ? Future.failedFuture(new Unavailable(
                        Reason.WRONG_KIND,
                        "HighLevel takes no private integration token for " + route.method() + " " + route.template()
                                + ", and tenant '" + tenant.id() + "' has no other; install an app of yours there"))
                : known;
    }
}
