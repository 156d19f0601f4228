package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.util.Optional;

/** Where tenants without a configured token would have theirs from, where no app is installed anywhere. */
final class NoTokens implements TokenSource {

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        return Future.failedFuture(none(tenant));
    }

    @Override
    public Optional<TokenPeek> peek(Tenant tenant, Route route) {
        return Optional.of(TokenPeek.none("nobody's", none(tenant)));
    }

    private static Unavailable none(Tenant tenant) {
        return new Unavailable(Unavailable.Reason.NONE, "tenant '" + tenant.id() + "' has no token configured");
    }
}
