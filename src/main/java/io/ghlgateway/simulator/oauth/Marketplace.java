package io.ghlgateway.simulator.oauth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Installs apps and gives out their tokens, by HighLevel's rules:
 *
 * <ul>
 *   <li>a code is good once, for ten minutes; its exchange kills all older refresh tokens of that installation, while
 *       access tokens live on until they expire;
 *   <li>a refresh token is good once, but within the grace of its first use gives the same pair again;
 *   <li>while a location is paused its tokens are neither given nor used up; calls with an access token go on;
 *   <li>a company's tokens make new ones for its locations, beside those that the location has.
 * </ul>
 *
 * <p>Chosen here, since HighLevel's own is not known: tokens made anew leave older refresh tokens alive; and with a
 * company's installation all those go that were made from it.
 */
public final class Marketplace {

    private static final Duration CODE_LIFE = Duration.ofMinutes(10);
    private static final Duration MINTED_LIFE = Duration.ofSeconds(86_400);

    private final OAuthOptions options;
    private final InstantSource clock;
    private final TokenPress press;
    private final Directory directory;
    private final Map<String, Code> codes = new HashMap<>();
    private final RefreshTokens refreshTokens;
    private final AccessTokens accessTokens = new AccessTokens();
    private final Map<String, Installation> installations = new LinkedHashMap<>();

    public Marketplace(OAuthOptions options, InstantSource clock, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.press = new TokenPress(random);
        this.directory = new Directory(options.companies());
        this.refreshTokens = new RefreshTokens(options.grace());
    }

    public boolean hasApps() {
        return !options.apps().isEmpty();
    }

    public boolean reconnects() {
        return options.reconnects();
    }

    public int locationsAtOnce() {
        return options.locationsAtOnce();
    }

    public Directory directory() {
        return directory;
    }

    /** @param name the tester's, HighLevel's id of it, or its client id */
    public Optional<App> app(String name) {
        return options.apps().stream().filter(app -> app.isCalled(name)).findFirst();
    }

    public Optional<App> client(String clientId, String secret) {
        return options.apps().stream()
                .filter(app -> app.clientId().equals(clientId) && app.hasSecret(secret))
                .findFirst();
    }

    public Collection<Installation> installations() {
        return List.copyOf(installations.values());
    }

    public Optional<Installation> installation(App app, String resource) {
        return Optional.ofNullable(installations.get(key(app, resource)));
    }

    /** Someone's consent. What it is for is installed when the code is exchanged. */
    public Code consent(
            App app, Company company, Optional<String> location, List<String> scopes, Optional<String> redirectUri) {
        Instant now = clock.instant();
        codes.values().removeIf(code -> now.isAfter(code.expires()));
        List<String> asked = scopes.isEmpty() ? Scopes.USUAL : scopes;
        Code code = new Code(press.code(), app, company, location, asked, redirectUri, now.plus(CODE_LIFE));
        codes.put(code.text(), code);
        return code;
    }

    /** @param redirectUri as it was sent along, if it was */
    public Ruling exchange(App app, String text, Optional<String> redirectUri) {
        Code code = codes.get(text);
        if (code == null || !code.app().equals(app)) {
            return Denial.CODE_INVALID;
        }
        if (clock.instant().isAfter(code.expires())) {
            return Denial.CODE_EXPIRED;
        }
        if (redirectUri.isPresent() && code.redirectUri().isPresent() && !redirectUri.equals(code.redirectUri())) {
            return Denial.REDIRECT_URI;
        }
        if (code.isPaused()) {
            return Denial.NOT_ACTIVE;
        }
        codes.remove(text);
        return issue(install(code), options.tokenLife());
    }

    public Ruling refresh(App app, String refreshToken) {
        Instant now = clock.instant();
        Optional<Installation> owner =
                refreshTokens.owner(refreshToken).filter(held -> held.app().equals(app));
        if (owner.isEmpty() || refreshTokens.isDead(refreshToken, now)) {
            owner.ifPresent(Installation::refused);
            return Denial.REFRESH_TOKEN_INVALID;
        }
        Installation installation = owner.get();
        if (installation.isPaused()) {
            return Denial.NOT_ACTIVE;
        }
        Optional<TokenPair> given = refreshTokens.given(refreshToken);
        if (given.isPresent()) {
            installation.repeated();
            return given.get();
        }
        TokenPair pair = issue(installation, options.tokenLife());
        refreshTokens.use(refreshToken, pair, now);
        installation.rotated();
        return pair;
    }

    /** Tokens of a location, made from its company's. */
    public Ruling mint(Installation company, String location) {
        if (company.type() != UserType.COMPANY || !company.reaches(location)) {
            return Denial.FOREIGN_LOCATION;
        }
        Installation installation = under(company, location);
        if (!installation.isActive()) {
            return Denial.NOT_INSTALLED;
        }
        if (installation.isPaused()) {
            return Denial.NOT_ACTIVE;
        }
        company.minted();
        installation.minted();
        return issue(installation, MINTED_LIFE);
    }

    /** A code without anyone's consent, where the app is installed. */
    public Optional<Code> reconnect(App app, String resource) {
        Optional<Installation> installation = installation(app, resource)
                .or(() -> directory
                        .companyOf(resource)
                        .flatMap(company -> installation(app, company.id()))
                        .filter(Installation::isActive)
                        .map(company -> under(company, resource)));
        return installation.filter(Installation::isActive).map(held -> {
            held.reconnected();
            return consent(app, held.company(), held.location(), held.scopes(), Optional.empty());
        });
    }

    /** Whose a valid access token is. */
    public Optional<Installation> bearer(String accessToken) {
        return accessTokens.bearer(accessToken, clock.instant());
    }

    /** Which company or location a code or refresh token is for, good or not. */
    public Optional<String> resourceOf(String grant) {
        return refreshTokens
                .owner(grant)
                .map(Installation::resource)
                .or(() -> Optional.ofNullable(codes.get(grant)).map(Code::resource));
    }

    /** Uninstalls it: every code and token of it is dead, and with a company's those that were made from it. */
    public void revoke(Installation installation) {
        if (installation.type() == UserType.COMPANY) {
            mintedFrom(installation).forEach(this::revoke);
        }
        installation.revoke();
        codes.values().removeIf(code -> code.isFor(installation));
        refreshTokens.kill(installation);
        accessTokens.kill(installation);
    }

    /** Its access tokens are invalid from now on; its refresh tokens stay as they are. */
    public void expire(Installation installation) {
        accessTokens.kill(installation);
    }

    /** As it was at the start. */
    public void reset() {
        codes.clear();
        refreshTokens.clear();
        accessTokens.clear();
        installations.clear();
        directory.reset();
    }

    private Installation install(Code code) {
        Installation installation = installations.computeIfAbsent(
                key(code.app(), code.resource()),
                first -> new Installation(code.app(), code.company(), code.location(), code.scopes(), false));
        installation.renew(code.scopes());
        refreshTokens.kill(installation);
        if (installation.type() == UserType.COMPANY) {
            mintedFrom(installation).forEach(minted -> minted.renew(code.scopes()));
        }
        return installation;
    }

    private List<Installation> mintedFrom(Installation company) {
        return installations.values().stream()
                .filter(held -> held.isMinted()
                        && held.app().equals(company.app())
                        && held.company().equals(company.company()))
                .toList();
    }

    private Installation under(Installation company, String location) {
        return installations.computeIfAbsent(
                key(company.app(), location),
                first -> new Installation(
                        company.app(), company.company(), Optional.of(location), company.scopes(), true));
    }

    private TokenPair issue(Installation installation, Duration life) {
        Instant now = clock.instant();
        TokenPair pair = new TokenPair(
                installation,
                press.access(installation, now, life),
                press.refresh(installation, now, RefreshTokens.life()),
                press.id(),
                life);
        refreshTokens.add(pair, now);
        accessTokens.add(pair, now);
        installation.issued(pair.refreshToken());
        return pair;
    }

    private static String key(App app, String resource) {
        return app.id() + " " + resource;
    }
}
