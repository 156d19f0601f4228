package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens as configured, one for each tenant, whatever else is installed under its id. They are static: nothing is ever refreshed. What looks like a private
 * integration token is not sent where HighLevel takes none; what does not may be an access token, and HighLevel judges it.
 */
public final class PrivateTokenSource implements TokenSource {

    private static final String PRIVATE = "pit-";

    private final ConcurrentHashMap<TenantKey, Future<Token>> byTenant = new ConcurrentHashMap<>();
    private final TokenSource others;

    /** @param others where the tokens of all other tenants come from */
    public PrivateTokenSource(Map<TenantKey, Token> tokens, TokenSource others) {
        this.others = others;
        tokens.forEach((tenant, token) -> byTenant.put(tenant, Future.succeededFuture(token)));
    }

    /** Where there is no other source. */
    public PrivateTokenSource(Map<TenantKey, Token> tokens) {
        this(tokens, new NoTokens());
    }

    /** From now on this tenant's token; empty: it is another source's. */
    public void put(TenantKey tenant, Optional<Secret> token) {
        token.ifPresentOrElse(
                text -> byTenant.put(tenant, Future.succeededFuture(new Token(Token.Kind.PRIVATE, text))),
                () -> byTenant.remove(tenant));
    }

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        var known = byTenant.get(TenantKey.of(tenant));
        if (known == null) {
            return others.token(tenant, route);
        }
        return isTaken(known.result(), route) ? known : Future.failedFuture(notTaken(tenant, route));
    }

    private static boolean isTaken(Token token, Route route) {
        return !route.oauthOnly() || !token.bearer().reveal().startsWith(PRIVATE);
    }

    private static Unavailable notTaken(Tenant tenant, Route route) {
        return new Unavailable(
                Reason.WRONG_KIND,
                "HighLevel takes no private integration token for " + route.method() + " " + route.template()
                        + ", and tenant '" + tenant.id() + "' has no other; install an app of yours there");
    }

    @Override
    public Optional<TokenPeek> peek(Tenant tenant, Route route) {
        var known = byTenant.get(TenantKey.of(tenant));
        if (known == null) {
            return others.peek(tenant, route);
        }
        var whose = "the private token of tenant '" + tenant.id() + "'";
        return Optional.of(
                isTaken(known.result(), route)
                        ? new TokenPeek(
                                TokenPeek.Health.GOOD,
                                Optional.of(known.result().kind()),
                                whose,
                                Optional.empty(),
                                Optional.empty())
                        : TokenPeek.none(whose, notTaken(tenant, route)));
    }

    @Override
    public Future<Boolean> rejected(Tenant tenant, Token token, String message) {
        return token.kind() == Token.Kind.PRIVATE
                ? Future.succeededFuture(false)
                : others.rejected(tenant, token, message);
    }
}
