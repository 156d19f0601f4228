package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Health;
import io.ghlgateway.edge.Admission;
import io.ghlgateway.edge.CallerAuthenticator;
import io.ghlgateway.edge.CallerTokens;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.edge.JwkSets;
import io.ghlgateway.edge.Patience;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Those who tell whose a request is, joined. */
record Identification(Admission admission, CallerTokens tokens) implements Reload.Part {

    /** Keys are also fetched when a token names one that is not known; this is for those that were taken back. */
    private static final Duration KEYS_ANEW = Duration.ofMinutes(5);

    /** @param inForce the settings as they are, of which the doors' own do not change */
    static Identification of(
            Vertx vertx,
            Supplier<Settings> inForce,
            TenantRegistry tenants,
            CallerRegistry callers,
            Health health,
            EdgeEvents events) {
        var settings = inForce.get();
        var tokens = tokens(vertx, settings, events);
        var admission = new Admission(
                vertx,
                new CallerAuthenticator(callers, tokens),
                tenants,
                RouteCatalogue.load(),
                () -> patience(inForce.get().limits()),
                settings.proxy().maxBody(),
                health::isClosing,
                settings.publicDoor().url());
        return new Identification(admission, tokens);
    }

    private static Patience patience(Settings.Limits limits) {
        return new Patience(limits.defaultWait(), limits.maxWait());
    }

    private static CallerTokens tokens(Vertx vertx, Settings settings, EdgeEvents events) {
        var tokens = new CallerTokens(
                vertx, settings.issuers(), new JwkSets(vertx), Ticker.systemTicker(), InstantSource.system(), events);
        tokens.refresh();
        vertx.setPeriodic(KEYS_ANEW.toMillis(), id -> tokens.refresh());
        return tokens;
    }

    @Override
    public void become(Settings before, Settings now) {
        if (!now.issuers().equals(before.issuers())) {
            tokens.trust(now.issuers());
            tokens.refresh();
        }
    }
}
