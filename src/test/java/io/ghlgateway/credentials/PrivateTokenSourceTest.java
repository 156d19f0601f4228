package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.TokenSource.Unavailable;
import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrivateTokenSourceTest {

    private static final Tenant ACME = new Tenant("acme", App.PRIVATE, Resource.company("com1"));
    private static final Token TOKEN = new Token(Token.Kind.PRIVATE, Secret.of("pit-1"));

    private final RouteCatalogue routes = RouteCatalogue.load();
    private final PrivateTokenSource tokens = new PrivateTokenSource(Map.of(ACME, TOKEN));

    @Test
    void givesTheTenantsOwn() {
        var route = routes.match(HttpMethod.GET, "/contacts/c1");

        assertThat(tokens.token(ACME, route).result()).isEqualTo(TOKEN);
    }

    @Test
    void anAppThatIsInstalledUnderTheSameIdHasItsOwn() {
        var route = routes.match(HttpMethod.GET, "/contacts/c1");
        var installed = new Token(Token.Kind.LOCATION, Secret.of("eyJhbGciOi"));
        var both = new PrivateTokenSource(Map.of(ACME, TOKEN), (tenant, asked) -> Future.succeededFuture(installed));

        assertThat(both.token(new Tenant("acme", new App("main"), Resource.company("acme")), route)
                        .result())
                .isEqualTo(installed);
        assertThat(both.token(ACME, route).result()).isEqualTo(TOKEN);
    }

    @Test
    void whoAskedForTheLocationThatTheNameStoodForBeforeGetsNoTokenOfTheOneItStandsForNow() {
        var route = routes.match(HttpMethod.GET, "/contacts/c1");
        var moved = new Tenant("acme", App.PRIVATE, Resource.company("com2"));

        tokens.put(moved, Optional.of(Secret.of("pit-2")));

        assertThat(tokens.token(ACME, route).cause())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.NONE))
                .hasMessage("tenant 'acme' was company:com1 when this was asked, and is company:com2 now; nothing was"
                        + " sent");
        assertThat(tokens.peek(ACME, route))
                .hasValueSatisfying(peek -> assertThat(peek.health()).isEqualTo(TokenPeek.Health.NONE));
        assertThat(tokens.token(moved, route).result().bearer()).isEqualTo(Secret.of("pit-2"));
    }

    @Test
    void saysThatAnOperationTakesNone() {
        var route = routes.match(HttpMethod.GET, "/oauth/installedLocations");

        assertThat(tokens.token(ACME, route).cause())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.WRONG_KIND))
                .hasMessage("HighLevel takes no private integration token for GET /oauth/installedLocations, and tenant"
                        + " 'acme' has no other; install an app of yours there");
    }

    @Test
    void whatDoesNotLookLikeAPrivateTokenIsForHighLevelToJudge() {
        var token = new Token(Token.Kind.PRIVATE, Secret.of("eyJhbGciOi"));
        var route = routes.match(HttpMethod.GET, "/oauth/installedLocations");

        assertThat(new PrivateTokenSource(Map.of(ACME, token))
                        .token(ACME, route)
                        .result())
                .isEqualTo(token);
    }

    @Test
    void saysThatATenantHasNone() {
        var route = routes.match(HttpMethod.GET, "/oauth/installedLocations");
        var nobody = new Tenant("nobody", App.PRIVATE, Resource.location("loc1"));

        assertThat(tokens.token(nobody, route).cause())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.NONE))
                .hasMessageContaining("'nobody'");
    }
}
