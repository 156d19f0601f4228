package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Resource;
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
 *
 * <p>A tenant's name may be given to another location or company. The token goes with the resource and not with the name:
 * a request that waits for the former one gets none.
 */
public final class PrivateTokenSource implements TokenSource {

    private static final String PRIVATE = "pit-";

    /** @param isPrivate whether it looks like a private integration token */
    private record Own(Resource resource, Future<Token> token, boolean isPrivate) {

        boolean isTaken(Route route) {
            return !route.oauthOnly() || !isPrivate;
        }
    }

    private final ConcurrentHashMap<TenantKey, Own> byTenant = new ConcurrentHashMap<>();
    private final TokenSource others;

    /** @param others where the tokens of all other tenants come from */
    public PrivateTokenSource(Map<Tenant, Token> tokens, TokenSource others) {
        this.others = others;
        tokens.forEach(this::keep);
    }

    /** Where there is no other source. */
    public PrivateTokenSource(Map<Tenant, Token> tokens) {
        this(tokens, new Nowhere());
    }

    /** From now on this tenant's token; empty: it is another source's, whatever resource it had one for. */
    public void put(Tenant tenant, Optional<Secret> token) {
        token.ifPresentOrElse(
                text -> keep(tenant, new Token(Token.Kind.PRIVATE, text)), () -> byTenant.remove(TenantKey.of(tenant)));
    }

    private void keep(Tenant tenant, Token token) {
        byTenant.put(
                TenantKey.of(tenant),
                new Own(
                        tenant.resource(),
                        Future.succeededFuture(token),
                        token.bearer().reveal().startsWith(PRIVATE)));
    }

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        var known = byTenant.get(TenantKey.of(tenant));
        if (known == null) {
            return others.token(tenant, route);
        }
        if (!known.resource().equals(tenant.resource())) {
            return Future.failedFuture(moved(tenant, known.resource()));
        }
        return known.isTaken(route) ? known.token() : Future.failedFuture(notTaken(tenant, route));
    }

    private static Unavailable moved(Tenant tenant, Resource now) {
        return new Unavailable(
                Reason.NONE,
                "tenant '" + tenant.id() + "' was " + tenant.resource() + " when this was asked, and is " + now
                        + " now; nothing was sent");
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
        if (!known.resource().equals(tenant.resource())) {
            return Optional.of(TokenPeek.none(whose, moved(tenant, known.resource())));
        }
        var token = known.token().result();
        return Optional.of(
                known.isTaken(route)
                        ? new TokenPeek(
                                TokenPeek.Health.GOOD,
                                Optional.of(token.kind()),
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

    /** Where no app is installed anywhere. */
    private static final class Nowhere implements TokenSource {

        @Override
        public Future<Token> token(Tenant tenant, Route route) {
            return Future.failedFuture(none(tenant));
        }

        @Override
        public Optional<TokenPeek> peek(Tenant tenant, Route route) {
            return Optional.of(TokenPeek.none("nobody's", none(tenant)));
        }

        private static Unavailable none(Tenant tenant) {
            return new Unavailable(Reason.NONE, "tenant '" + tenant.id() + "' has no token configured");
        }
    }
}
