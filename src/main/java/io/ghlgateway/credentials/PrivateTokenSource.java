package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * Tokens as configured, one for each tenant alias. They are static: nothing is ever refreshed. What looks like a private
 * integration token is not sent where HighLevel takes none; what does not may be an access token, and HighLevel judges it.
 */
public final class PrivateTokenSource implements TokenSource {

    private static final String PRIVATE = "pit-";

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
        return route.oauthOnly() && known.result().bearer().reveal().startsWith(PRIVATE)
                ? Future.failedFuture(new Unavailable(
                        Reason.WRONG_KIND,
                        "HighLevel takes no private integration token for " + route.method() + " " + route.template()
                                + ", and tenant '" + tenant.id() + "' has no other; install an app of yours there"))
                : known;
    }
}
