package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.TokenPeek.Health;
import io.ghlgateway.credentials.TokenSource.Unavailable;
import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadCredentialsTest {

    private static final Tenant ACME = new Tenant("acme", App.PRIVATE, Resource.location("loc1"));
    private static final Route ROUTE = Route.unknown(HttpMethod.GET);
    private static final String DEAD = "Invalid Private Integration token";

    private final List<String> told = new ArrayList<>();
    private Token token = token(Token.Kind.PRIVATE, "pit-1");
    private long now = 7;
    private long jitter;

    private final TokenSource source = new TokenSource() {
        @Override
        public Future<Token> token(Tenant tenant, Route route) {
            return Future.succeededFuture(token);
        }

        @Override
        public Optional<TokenPeek> peek(Tenant tenant, Route route) {
            return Optional.of(new TokenPeek(
                    Health.GOOD, Optional.of(token.kind()), "acme's", Optional.empty(), Optional.empty()));
        }

        @Override
        public Future<Boolean> rejected(Tenant tenant, Token refused, String message) {
            told.add("rejected " + message);
            return Future.succeededFuture(true);
        }
    };
    private final DeadCredentials credentials = new DeadCredentials(
            source,
            () -> now,
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public long nextLong(long bound) {
                    return Math.min(jitter, bound - 1);
                }
            },
            new DeadCredentials.Events() {
                @Override
                public void died(Tenant tenant) {
                    told.add("died " + tenant.id());
                }

                @Override
                public void revived(Tenant tenant) {
                    told.add("revived " + tenant.id());
                }
            });

    /** What is let through after the token has died, each time asked twice. */
    @ParameterizedTest(name = "{1} s after the last probe that failed, of {0}, it is {2}")
    @CsvSource({
        "0, 29,  false",
        "0, 30,  true",
        "1, 59,  false",
        "1, 60,  true",
        "2, 119, false",
        "2, 120, true",
        "3, 240, true",
        "4, 479, false",
        "4, 480, true",
        "5, 599, false",
        "5, 600, true",
        "9, 599, false",
        "9, 600, true"
    })
    void probesEverMoreSeldom(int probes, int seconds, boolean through) {
        refuse();
        for (int i = 0; i < probes; i++) {
            pass(Duration.ofMinutes(10));
            assertThat(isSent()).isTrue();
            refuse();
        }

        pass(Duration.ofSeconds(seconds));

        assertThat(isSent()).isEqualTo(through);
        assertThat(isSent()).as("one probe at a time").isFalse();
    }

    @Test
    void answersHereWithTheReasonAndNotTheToken() {
        refuse();

        var failure = credentials.token(ACME, ROUTE).cause();

        assertThat(failure).isInstanceOf(Unavailable.class).hasMessageContaining("'acme'");
        assertThat(((Unavailable) failure).reason()).isEqualTo(Reason.DEAD);
        assertThat(failure.getMessage()).doesNotContain("pit-1");
    }

    @Test
    void aProbeIsLateByItsJitter() {
        jitter = Duration.ofSeconds(5).toNanos();
        refuse();

        pass(Duration.ofSeconds(34));
        assertThat(isSent()).isFalse();
        pass(Duration.ofSeconds(1));

        assertThat(isSent()).isTrue();
    }

    @Test
    void oneAnswerRevivesIt() {
        refuse();
        pass(Duration.ofSeconds(30));
        assertThat(isSent()).isTrue();

        credentials.accepted(ACME, token);
        credentials.accepted(ACME, token);

        assertThat(isSent()).isTrue();
        assertThat(isSent()).isTrue();
        assertThat(told).containsExactly("died acme", "rejected " + DEAD, "revived acme");
    }

    @Test
    void manyRefusalsAtOnceAreOneDeath() {
        for (int i = 0; i < 50; i++) {
            refuse();
        }
        pass(Duration.ofSeconds(30));

        assertThat(isSent()).isTrue();
        assertThat(told).containsOnlyOnce("died acme");
    }

    @Test
    void anotherTokenIsSentAtOnce() {
        refuse();

        token = token(Token.Kind.PRIVATE, "pit-2");

        assertThat(isSent()).isTrue();
    }

    @Test
    void whatASourceRenewsIsItsOwnAffair() {
        token = token(Token.Kind.LOCATION, "jwt");

        assertThat(credentials.rejected(ACME, token, "Invalid JWT").result()).isTrue();
        assertThat(credentials.rejected(ACME, token, DEAD).result()).isTrue();

        assertThat(isSent()).isTrue();
        assertThat(told).containsExactly("rejected Invalid JWT", "rejected " + DEAD);
    }

    @Test
    void aLookUsesUpNoProbe() {
        assertThat(credentials.peek(ACME, ROUTE).orElseThrow().health()).isEqualTo(Health.GOOD);
        refuse();

        var dead = credentials.peek(ACME, ROUTE).orElseThrow();
        pass(Duration.ofSeconds(30));
        var due = credentials.peek(ACME, ROUTE).orElseThrow();

        assertThat(dead.health()).isEqualTo(Health.REFUSED);
        assertThat(dead.refusal().orElseThrow().reason()).isEqualTo(Reason.DEAD);
        assertThat(due.health()).isEqualTo(Health.REFUSED);
        assertThat(due.refusal()).as("the next request tries it").isEmpty();
        assertThat(isSent()).as("the probe is there still").isTrue();
        assertThat(dead + " " + due).doesNotContain("pit-1");
    }

    private void refuse() {
        credentials.rejected(ACME, token, DEAD);
    }

    private boolean isSent() {
        return credentials.token(ACME, ROUTE).succeeded();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static Token token(Token.Kind kind, String text) {
        return new Token(kind, Secret.of(text));
    }
}
