package io.ghlgateway.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MarketplaceTest {

    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final App APP = new App("crm", "crmapp-1", "secret", Set.of());
    private static final App OTHER = new App("other", "otherapp-1", "secret", Set.of());

    private Instant now = START;
    private final Marketplace marketplace = new Marketplace(
            OAuthOptions.defaults()
                    .withApp(APP)
                    .withApp(OTHER)
                    .withCompany("co", List.of("locA", "locB"))
                    .withCompany("else=1"),
            () -> now,
            new SplittableRandom(7));

    @Test
    void exchangesACodeOnce() {
        String code = code("locA");

        Ruling first = marketplace.exchange(APP, code, Optional.empty());
        Ruling second = marketplace.exchange(APP, code, Optional.empty());

        assertThat(first).isInstanceOf(TokenPair.class);
        assertThat(second).isEqualTo(Denial.CODE_INVALID);
    }

    @Test
    void exchangesACodeForTenMinutesAndForItsOwnAppAndRedirectUriAlone() {
        Code code = marketplace.consent(
                APP, company(), Optional.of("locA"), List.of(), Optional.of("https://app.example/callback"));

        assertThat(marketplace.exchange(OTHER, code.text(), Optional.empty())).isEqualTo(Denial.CODE_INVALID);
        assertThat(marketplace.exchange(APP, code.text(), Optional.of("https://app.example/")))
                .isEqualTo(Denial.REDIRECT_URI);
        pass(Duration.ofMinutes(10).plusNanos(1));
        assertThat(marketplace.exchange(APP, code.text(), Optional.empty())).isEqualTo(Denial.CODE_EXPIRED);
    }

    @Test
    void rotatesARefreshTokenAndGivesTheSamePairAgainWithinTheGrace() {
        TokenPair first = installed("locA");

        TokenPair second = granted(marketplace.refresh(APP, first.refreshToken()));
        pass(Duration.ofSeconds(30));
        TokenPair repeated = granted(marketplace.refresh(APP, first.refreshToken()));

        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        assertThat(second.accessToken()).isNotEqualTo(first.accessToken());
        assertThat(repeated).isEqualTo(second);
        assertThat(first.installation().rotations()).isEqualTo(1);
        assertThat(first.installation().graceRepeats()).isEqualTo(1);
    }

    @Test
    void countsTheGraceFromTheFirstUseAlone() {
        TokenPair first = installed("locA");
        marketplace.refresh(APP, first.refreshToken());
        pass(Duration.ofSeconds(20));
        TokenPair repeated = granted(marketplace.refresh(APP, first.refreshToken()));
        pass(Duration.ofMillis(10_001));

        assertThat(marketplace.refresh(APP, first.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        assertThat(marketplace.refresh(APP, repeated.refreshToken())).isInstanceOf(TokenPair.class);
        assertThat(first.installation().invalidGrants()).isEqualTo(1);
    }

    @Test
    void givesTheSamePairAgainAlsoWhenThatOneHasBeenUsedSince() {
        TokenPair first = installed("locA");
        TokenPair second = granted(marketplace.refresh(APP, first.refreshToken()));
        marketplace.refresh(APP, second.refreshToken());

        assertThat(marketplace.refresh(APP, first.refreshToken())).isEqualTo(second);
    }

    @Test
    void refusesAnotherAppsTokenAndDoesNotUseItUp() {
        TokenPair first = installed("locA");

        assertThat(marketplace.refresh(OTHER, first.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        pass(Duration.ofMinutes(5));
        assertThat(marketplace.refresh(APP, first.refreshToken())).isInstanceOf(TokenPair.class);
        assertThat(first.installation().invalidGrants()).isZero();
    }

    @Test
    void forgetsARefreshTokenThatNobodyUsedForAYear() {
        TokenPair first = installed("locA");

        pass(Duration.ofDays(365).plusSeconds(1));

        assertThat(marketplace.refresh(APP, first.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
    }

    @Test
    void usesNothingUpWhileALocationIsPaused() {
        TokenPair first = installed("locA");
        TokenPair company = installed("");
        String code = code("locA");

        company().pause("locA");

        assertThat(marketplace.refresh(APP, first.refreshToken())).isEqualTo(Denial.NOT_ACTIVE);
        assertThat(marketplace.mint(company.installation(), "locA")).isEqualTo(Denial.NOT_ACTIVE);
        assertThat(marketplace.exchange(APP, code, Optional.empty())).isEqualTo(Denial.NOT_ACTIVE);
        assertThat(marketplace.refresh(APP, company.refreshToken())).isInstanceOf(TokenPair.class);
        company().resume("locA");
        assertThat(marketplace.refresh(APP, first.refreshToken())).isInstanceOf(TokenPair.class);
        assertThat(marketplace.exchange(APP, code, Optional.empty())).isInstanceOf(TokenPair.class);
        assertThat(first.installation().rotations()).isEqualTo(1);
    }

    @Test
    void makesTokensOfACompanysLocationsFromItsOwnTokensAlone() {
        TokenPair company = installed("");
        TokenPair location = installed("locB");

        TokenPair minted = granted(marketplace.mint(company.installation(), "locA"));

        assertThat(minted.installation().type()).isEqualTo(UserType.LOCATION);
        assertThat(minted.life()).isEqualTo(Duration.ofSeconds(86_400));
        assertThat(company.life()).isEqualTo(Duration.ofSeconds(86_399));
        assertThat(marketplace.refresh(APP, minted.refreshToken())).isInstanceOf(TokenPair.class);
        assertThat(marketplace.mint(company.installation(), "else-1")).isEqualTo(Denial.FOREIGN_LOCATION);
        assertThat(marketplace.mint(location.installation(), "locA")).isEqualTo(Denial.FOREIGN_LOCATION);
        assertThat(minted.installation().mints()).isEqualTo(1);
    }

    @Test
    void reachesTheLocationsThatACompanyGetsLater() {
        TokenPair pair = installed("");

        marketplace.directory().add(company(), "locC");

        assertThat(pair.installation().reaches("locC")).isTrue();
        assertThat(pair.installation().reaches("else-1")).isFalse();
        assertThat(marketplace.mint(pair.installation(), "locC")).isInstanceOf(TokenPair.class);
    }

    @Test
    void killsOlderRefreshTokensWhenItReconnects() {
        TokenPair first = installed("locA");
        TokenPair second = granted(marketplace.refresh(APP, first.refreshToken()));

        Code code = marketplace.reconnect(APP, "locA").orElseThrow();
        TokenPair fresh = granted(marketplace.exchange(APP, code.text(), Optional.of("https://anything.example")));

        assertThat(marketplace.refresh(APP, first.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        assertThat(marketplace.refresh(APP, second.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        assertThat(marketplace.refresh(APP, fresh.refreshToken())).isInstanceOf(TokenPair.class);
        assertThat(marketplace.bearer(second.accessToken())).isPresent();
        assertThat(first.installation().reconnects()).isEqualTo(1);
    }

    @Test
    void reconnectsOnlyWhereTheAppIs() {
        assertThat(marketplace.reconnect(APP, "locA")).isEmpty();

        installed("");

        assertThat(marketplace.reconnect(APP, "locA")).isPresent();
        assertThat(marketplace.reconnect(APP, "co")).isPresent();
        assertThat(marketplace.reconnect(OTHER, "locA")).isEmpty();
        assertThat(marketplace.reconnect(APP, "else-1")).isEmpty();
    }

    @Test
    void killsEverythingWhenItIsRevoked() {
        TokenPair company = installed("");
        TokenPair minted = granted(marketplace.mint(company.installation(), "locA"));
        TokenPair direct = installed("locB");
        String code = code("");

        marketplace.revoke(company.installation());

        assertThat(marketplace.bearer(company.accessToken())).isEmpty();
        assertThat(marketplace.bearer(minted.accessToken())).isEmpty();
        assertThat(marketplace.refresh(APP, company.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        assertThat(marketplace.refresh(APP, minted.refreshToken())).isEqualTo(Denial.REFRESH_TOKEN_INVALID);
        assertThat(marketplace.exchange(APP, code, Optional.empty())).isEqualTo(Denial.CODE_INVALID);
        assertThat(marketplace.reconnect(APP, "co")).isEmpty();
        assertThat(marketplace.refresh(APP, direct.refreshToken())).isInstanceOf(TokenPair.class);
    }

    @Test
    void makesNoTokensOfALocationThatTheAppWasRevokedFromUntilItIsInstalledAgain() {
        TokenPair company = installed("");
        TokenPair minted = granted(marketplace.mint(company.installation(), "locA"));
        marketplace.revoke(minted.installation());

        assertThat(marketplace.mint(company.installation(), "locA")).isEqualTo(Denial.NOT_INSTALLED);
        installed("");
        assertThat(marketplace.mint(company.installation(), "locA")).isInstanceOf(TokenPair.class);
    }

    @Test
    void letsAccessTokensExpireByTimeAndOnDemand() {
        TokenPair first = installed("locA");
        TokenPair other = installed("locB");

        assertThat(marketplace.bearer(first.accessToken())).contains(first.installation());
        marketplace.expire(first.installation());
        assertThat(marketplace.bearer(first.accessToken())).isEmpty();
        assertThat(marketplace.refresh(APP, first.refreshToken())).isInstanceOf(TokenPair.class);
        pass(Duration.ofSeconds(86_399));
        assertThat(marketplace.bearer(other.accessToken())).isEmpty();
    }

    @Test
    void writesTheClaimsThatHighLevelsTokensHave() {
        TokenPair pair = installed("locA");

        String[] parts = pair.accessToken().split("\\.");
        JsonObject header = decoded(parts[0]);
        JsonObject claims = decoded(parts[1]);

        assertThat(parts).hasSize(3);
        assertThat(parts[2]).hasSize(342);
        assertThat(header).isEqualTo(new JsonObject().put("alg", "RS256").put("typ", "JWT"));
        assertThat(claims.getString("authClass")).isEqualTo("Location");
        assertThat(claims.getString("authClassId")).isEqualTo("locA");
        assertThat(claims.getString("primaryAuthClassId")).isEqualTo("co");
        assertThat(claims.getString("sourceId")).isEqualTo("crmapp-1");
        assertThat(claims.getJsonObject("oauthMeta").getJsonArray("scopes")).isEqualTo(new JsonArray(Scopes.USUAL));
        assertThat(claims.getLong("iat")).isEqualTo(START.getEpochSecond());
        assertThat(claims.getLong("exp")).isEqualTo(START.getEpochSecond() + 86_399);
        assertThat(claims.getString("jti")).isNotBlank();
    }

    @Test
    void neverShowsASecret() {
        TokenPair pair = installed("locA");
        Code code = marketplace.consent(APP, company(), Optional.empty(), List.of(), Optional.empty());

        assertThat(pair.toString() + pair.installation() + code + APP)
                .doesNotContain(pair.accessToken())
                .doesNotContain(pair.refreshToken())
                .doesNotContain(code.text())
                .doesNotContain("secret");
    }

    private Company company() {
        return marketplace.directory().company("co").orElseThrow();
    }

    /** @param location empty for the company */
    private String code(String location) {
        return marketplace
                .consent(
                        APP,
                        company(),
                        Optional.of(location).filter(named -> !named.isEmpty()),
                        List.of(),
                        Optional.empty())
                .text();
    }

    private TokenPair installed(String location) {
        return granted(marketplace.exchange(APP, code(location), Optional.empty()));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static TokenPair granted(Ruling ruling) {
        assertThat(ruling).isInstanceOf(TokenPair.class);
        return (TokenPair) ruling;
    }

    private static JsonObject decoded(String part) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }
}
