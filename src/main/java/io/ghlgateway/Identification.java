package io.ghlgateway;

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

/** Those who tell whose a request is, joined. */
final class Identification {

    /** Keys are also fetched when a token names one that is not known; this is for those that were taken back. */
    private static final Duration KEYS_ANEW = Duration.ofMinutes(5);

    private Identification() {}

    static Admission admission(
            Vertx vertx,
            Settings settings,
            TenantRegistry tenants,
            CallerRegistry callers,
            Health health,
            EdgeEvents events) {
        return new Admission(
                vertx,
                new CallerAuthenticator(callers, tokens(vertx, settings, events)),
                tenants,
                RouteCatalogue.load(),
                new Patience(settings.limits().defaultWait(), settings.limits().maxWait()),
                settings.proxy().maxBody(),
                health::isClosing,
                settings.publicDoor().url());
    }

    private static CallerTokens tokens(Vertx vertx, Settings settings, EdgeEvents events) {
        var tokens = new CallerTokens(
                vertx, settings.issuers(), new JwkSets(vertx), Ticker.systemTicker(), InstantSource.system(), events);
        if (!settings.issuers().isEmpty()) {
            tokens.refresh();
            vertx.setPeriodic(KEYS_ANEW.toMillis(), id -> tokens.refresh());
        }
        return tokens;
    }
}
