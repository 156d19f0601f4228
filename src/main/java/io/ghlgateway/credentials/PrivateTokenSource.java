package io.ghlgateway.credentials;

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
    public Future<Token> token(Tenant tenant) {
        var known = byTenant.get(tenant.id());
        return known != null
                ? known
                : Future.failedFuture(new Unavailable("tenant '" + tenant.id() + "' has no token configured"));
    }
}
