package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.CredentialApi;
import io.ghlgateway.credentials.DeadCredentials;
import io.ghlgateway.credentials.Decisions;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.InstalledTokenSource;
import io.ghlgateway.credentials.Members;
import io.ghlgateway.credentials.Onboarding;
import io.ghlgateway.credentials.Pause;
import io.ghlgateway.credentials.PrivateTokenSource;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.credentials.Recovery;
import io.ghlgateway.credentials.RefreshJournal;
import io.ghlgateway.credentials.RegisteredCallers;
import io.ghlgateway.credentials.RegisteredTenants;
import io.ghlgateway.credentials.RenewalSchedule;
import io.ghlgateway.credentials.Renewals;
import io.ghlgateway.credentials.Sentinel;
import io.ghlgateway.credentials.StandingTenants;
import io.ghlgateway.credentials.Token;
import io.ghlgateway.credentials.TokenExport;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.credentials.TokenStore;
import io.ghlgateway.credentials.Upkeep;
import io.ghlgateway.credentials.Vault;
import io.ghlgateway.highlevel.HttpOAuthApi;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.install.InstallDoor;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.settings.AppSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.Upstream;
import io.ghlgateway.telemetry.CredentialMeters;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room of tokens, made and joined: private ones from the configuration and, where there is a keyset to keep secrets
 * with, installations and what operators make at run time.
 *
 * @param tokens what the proxy door asks
 * @param own of these, the private tokens
 * @param kept what lives in the store; empty without a keyset
 * @param ready completed once all installations are known; fails where the store's records are sealed with another keyset
 * @param begin has the store read; once, and after all who keep records in it are made
 */
public record Credentials(
        TokenSource tokens, PrivateTokenSource own, Optional<Kept> kept, Future<Void> ready, Runnable begin) {

    private static final Logger LOG = LoggerFactory.getLogger("credentials");
    private static final Duration RETRY = Duration.ofMillis(250);

    /** What lives in the store, and those who tend it. */
    public record Kept(
            Tending tending,
            TokenStore store,
            RefreshJournal journal,
            Vault vault,
            Installations installations,
            Renewals renewals,
            RenewalSchedule schedule,
            Onboarding onboarding,
            RegisteredTenants tenants,
            RegisteredCallers callers,
            CallerRegistry registry,
            StandingTenants standing,
            Decisions decisions,
            Members members,
            Map<App, OAuthClient> clients,
            HttpOAuthApi api) {

        /** What operators decide upon. */
        CredentialApi.Rooms rooms() {
            return new CredentialApi.Rooms(
                    installations,
                    renewals,
                    schedule,
                    onboarding,
                    decisions,
                    new TokenExport(vault),
                    tenants,
                    callers,
                    registry);
        }

        /** A renewal under way holds a token that HighLevel may have given already: it may end, if it does so in time. */
        Future<Void> close(Future<?> patience) {
            tending.end();
            return Future.any(renewals.settled(), patience)
                    .transform(settled -> api.close())
                    .eventually(journal::close)
                    .eventually(store::close);
        }
    }

    static Credentials of(
            Vertx vertx,
            Settings settings,
            Optional<TokenShelves> shelves,
            TenantRegistry tenants,
            CallerRegistry callers,
            Budgets budgets,
            Ticker ticker,
            InstantSource clock,
            CredentialMeters events) {
        if (shelves.isEmpty()) {
            var own = new PrivateTokenSource(configured(settings));
            return new Credentials(
                    dying(own, ticker, events), own, Optional.empty(), Future.succeededFuture(), () -> {});
        }
        var store = shelves.get().store();
        var journal = shelves.get().journal();
        var random = new SecureRandom();
        var cipher = RecordCipher.of(settings.credentials().encryptionKey().orElseThrow());
        Pause pause = length -> vertx.timer(Math.max(1, length.toMillis()), TimeUnit.MILLISECONDS)
                .mapEmpty();
        var clients = settings.apps().stream().collect(Collectors.toMap(AppSettings::app, AppSettings::client));
        Function<App, Optional<OAuthClient>> client = app -> Optional.ofNullable(clients.get(app));
        var api = new HttpOAuthApi(
                vertx,
                origin(settings),
                HttpOAuthApi.Bounds.USUAL,
                settings.tls().upstreamCa());
        var toll = new BudgetToll(budgets, pause);
        var vault = new Vault(store, cipher, events);
        var installations = new Installations(vault, journal, events);
        events.watch(installations::all, clock);
        var members = new Members();
        var renewals = new Renewals(
                vault, installations, journal, members, api, client, toll, pause, ticker, clock, random, events);
        var schedule = new RenewalSchedule(installations, renewals, clock, random);
        var onboarding = new Onboarding(vault, installations, renewals, api, client, toll, clock, events);
        var installed = new InstalledTokenSource(
                installations,
                renewals,
                settings.credentials().enforceScopes(),
                key -> howToInstall(settings, key),
                ticker,
                clock,
                events);
        var tokens = new PrivateTokenSource(configured(settings), installed);
        var standing =
                new StandingTenants(tenants, settings.bareTenants(), installations, key -> howToInstall(settings, key));
        var upkeep = new Upkeep(vault, installations, schedule, onboarding, members, journal.owner(), events);
        var recovery = new Recovery(vault, installations, renewals, journal, events);
        var tending = new Tending(vertx, upkeep, recovery, store);
        var kept = new Kept(
                tending,
                store,
                journal,
                vault,
                installations,
                renewals,
                schedule,
                onboarding,
                new RegisteredTenants(vault, standing, tokens::put, events),
                new RegisteredCallers(vault, callers, settings.callerNames(), events),
                callers,
                standing,
                new Decisions(vault, installations, pause, clock),
                members,
                clients,
                api);
        var ready = Promise.<Void>promise();
        Runnable begin = () -> Sentinel.check(store, cipher, pause, RETRY, events)
                .compose(right -> recovery.untilDone(pause, RETRY))
                .onSuccess(known -> tending.begin())
                .onComplete(ready);
        return new Credentials(dying(tokens, ticker, events), tokens, Optional.of(kept), ready.future(), begin);
    }

    /** @param patience completes when nothing may be waited for any more */
    Future<Void> close(Future<?> patience) {
        return kept.map(open -> open.close(patience)).orElseGet(Future::succeededFuture);
    }

    private static HttpOAuthApi.Origin origin(Settings settings) {
        var base = settings.upstream().baseUrl();
        var tokenUrls = settings.apps().stream().collect(Collectors.toMap(AppSettings::app, AppSettings::tokenUrl));
        var product = settings.upstream()
                .userAgent()
                .or(() -> Upstream.DEFAULTS.userAgent())
                .orElseThrow();
        return new HttpOAuthApi.Origin(base, tokenUrls, product);
    }

    private static String howToInstall(Settings settings, InstallationKey key) {
        return settings.publicDoor()
                .url()
                .map(url -> "its customer can install it at " + InstallDoor.link(url, key.app()))
                .orElse("its customer must install it");
    }

    private static TokenSource dying(TokenSource source, Ticker ticker, CredentialMeters events) {
        return new DeadCredentials(source, ticker, new SecureRandom(), events);
    }

    private static Map<Tenant, Token> configured(Settings settings) {
        var tokens = new HashMap<Tenant, Token>();
        for (var tenant : settings.tenants()) {
            tenant.token().ifPresent(token -> tokens.put(tenant.tenant(), new Token(Token.Kind.PRIVATE, token)));
        }
        return tokens;
    }
}
