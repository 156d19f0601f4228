package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.AdminServer;
import io.ghlgateway.admin.AuditLog;
import io.ghlgateway.admin.BudgetApi;
import io.ghlgateway.admin.CredentialApi;
import io.ghlgateway.admin.ExplainApi;
import io.ghlgateway.admin.Health;
import io.ghlgateway.admin.LiveFeed;
import io.ghlgateway.admin.OperatorsGuard;
import io.ghlgateway.admin.ReloadApi;
import io.ghlgateway.admin.SnapshotMaker;
import io.ghlgateway.admin.WebhookApi;
import io.ghlgateway.admin.WebhookDesk;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.edge.Admission;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.Listening;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.telemetry.Meters;
import io.ghlgateway.telemetry.RecentActivity;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All that operators may see and do, joined.
 *
 * @param current the settings as they are in force
 * @param reload empty where there is no file to be read again
 */
record OperatorsApi(
        Settings settings,
        Supplier<Settings> current,
        Optional<Reload> reload,
        TenantRegistry tenants,
        CallerRegistry callers,
        Admission admission,
        Backing backing,
        Lanes lanes,
        Credentials credentials,
        Optional<Webhooks> webhooks,
        Ticker ticker) {

    AdminServer door(Vertx vertx, Health health, Meters meters) {
        var desk = webhooks.<WebhookDesk>map(WebhookOffice::new);
        return new AdminServer(
                vertx,
                health,
                meters::scrape,
                () -> new JsonObject().put("waiting", lanes.waiting()),
                new OperatorsGuard(
                        vertx,
                        () -> keys(current.get().admin()),
                        new AuditLog(settings.admin().audit(), InstantSource.system())),
                Optional.of(new BudgetApi(tenants, backing.budgets(), backing.egress(), lanes, meters.recent())),
                Optional.of(new ExplainApi(new Explanation(
                        tenants, callers, admission, backing.budgets(), lanes, credentials.tokens(), ticker))),
                credentialApi(),
                desk.map(open -> new WebhookApi(open, new SecureRandom())),
                reload.map(ReloadApi::new),
                Optional.of(live(vertx, health, meters.recent(), desk)));
    }

    private LiveFeed live(Vertx vertx, Health health, RecentActivity recent, Optional<WebhookDesk> desk) {
        vertx.setPeriodic(RecentActivity.EVERY_MILLIS, tick -> vertx.executeBlocking(recent::tick));
        var maker = new SnapshotMaker(
                new SnapshotMaker.Sources(
                        health,
                        tenants,
                        backing.budgets(),
                        backing.egress(),
                        lanes,
                        credentials.tokens(),
                        credentials.kept().map(Credentials.Kept::rooms),
                        desk,
                        recent),
                InstantSource.system());
        // A pod's name, for one.
        return new LiveFeed(vertx, maker::make, health::isClosing, Optional.ofNullable(System.getenv("HOSTNAME")));
    }

    private static OperatorsGuard.Keys keys(Settings.Admin admin) {
        return new OperatorsGuard.Keys(admin.key(), admin.readKey());
    }

    static Listening listening(Settings settings, Meters meters) {
        return new Listening(
                settings.admin().host(),
                settings.admin().port(),
                settings.tls().admin(),
                ConnectionCap.ofFiles(5, AdminServer.MOST_CONNECTIONS),
                meters.connections("admin"));
    }

    /** Empty where there is no keyset to keep any with. */
    private Optional<CredentialApi> credentialApi() {
        var random = new SecureRandom();
        return credentials
                .kept()
                .map(kept -> new CredentialApi(
                        kept.rooms(),
                        () -> configured(current.get(), kept),
                        () -> GatewayKey.make(random).secret(),
                        InstantSource.system()));
    }

    private static CredentialApi.Configured configured(Settings settings, Credentials.Kept kept) {
        return new CredentialApi.Configured(
                kept.clients(),
                settings.bareTenants(),
                settings.tenants().stream()
                        .filter(tenant -> tenant.token().isPresent())
                        .map(tenant -> tenant.tenant().id())
                        .collect(Collectors.toSet()),
                settings.callers().stream().map(CallerSettings::caller).toList());
    }

    /** Those that the configuration has. */
    static CallerRegistry callers(Settings settings) {
        var callers = new CallerRegistry(InstantSource.system());
        for (var caller : settings.callers()) {
            callers.put(caller.caller(), caller.keys());
        }
        return callers;
    }
}
