package io.ghlgateway;

import io.ghlgateway.highlevel.GrantImport;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.simulator.Traffic;
import io.ghlgateway.simulator.TrafficOptions;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.wiring.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who lives in the demo beside the busy ones, so that its console has something to tell: a location whose day is soon used
 * up, and customers of the demo's app whose tokens end at different times. They make little traffic, of which no figure of
 * the demo's tells.
 *
 * @param crmSync the key of a caller
 * @param reports the key of another, which asks more
 */
record DemoNeighbours(Secret crmSync, Secret reports) {

    private static final String CLINIC = "northside-clinic";
    private static final String CLINIC_LOCATION = "Tz8mLq2KcV5nWx1RbY7d";
    private static final Secret CLINIC_TOKEN = Secret.of("pit-northside");
    private static final long CLINIC_DAILY = 60;

    private static final String AGENCY = "brightside";
    /** How long their tokens live; those of HighLevel a day. */
    private static final Map<String, Duration> CUSTOMERS = Map.of(
            "brightside-dental", Duration.ofMinutes(50),
            "brightside-vets", Duration.ofHours(7),
            "brightside-physio", Duration.ofHours(23));

    private static final Reach REACH =
            Reach.of(Set.of(CLINIC, "brightside-dental", "brightside-vets", "brightside-physio"));

    TenantSettings tenant() {
        return new TenantSettings(
                new Tenant(CLINIC, App.PRIVATE, Resource.location(CLINIC_LOCATION)), Optional.of(CLINIC_TOKEN));
    }

    List<CallerSettings> callers() {
        return List.of(
                CallerSettings.of("crm-sync", CallerKey.of(crmSync), REACH, Optional.empty()),
                CallerSettings.of("reports", CallerKey.of(reports), REACH, Optional.empty()));
    }

    SimulatorOptions.Builder known(SimulatorOptions.Builder simulator) {
        return simulator
                .daily(CLINIC_LOCATION, CLINIC_DAILY)
                .company(AGENCY, CUSTOMERS.keySet().stream().sorted().toList());
    }

    /** Has the customers install the app, as if they had come by its link. */
    Future<Void> moveIn(Vertx vertx, String simulator, OAuthClient client, Credentials.Kept kept) {
        var web = WebClient.create(vertx);
        return Future.all(CUSTOMERS.entrySet().stream()
                        .map(customer -> web.postAbs(simulator + "/_simulator/oauth")
                                .sendJsonObject(new JsonObject()
                                        .put(
                                                "token",
                                                new JsonObject()
                                                        .put("app", client.app().id())
                                                        .put("location", customer.getKey())))
                                .compose(answer -> kept.onboarding()
                                        .take(
                                                client,
                                                GrantImport.of(answer.bodyAsJsonObject()
                                                                .put(
                                                                        "expires_in",
                                                                        customer.getValue()
                                                                                .toSeconds()))
                                                        .grant()
                                                        .orElseThrow(),
                                                false)))
                        .toList())
                .eventually(() -> {
                    web.close();
                    return Future.succeededFuture();
                })
                .mapEmpty();
    }

    /** Completes when all have ended, whatever became of them. */
    Future<Void> live(Vertx vertx, String gateway, Duration lasts) {
        return Future.join(
                        ask(vertx, gateway, reports, CLINIC, 2, lasts),
                        ask(vertx, gateway, crmSync, CLINIC, 0.5, lasts),
                        ask(vertx, gateway, crmSync, "brightside-dental", 1, lasts),
                        ask(vertx, gateway, reports, "brightside-vets", 0.4, lasts))
                .otherwiseEmpty()
                .mapEmpty();
    }

    private static Future<?> ask(Vertx vertx, String gateway, Secret key, String tenant, double rate, Duration lasts) {
        return Traffic.run(
                vertx,
                TrafficOptions.builder(gateway, key.reveal())
                        .headers(Map.of("X-Tenant", tenant))
                        .rate(rate)
                        .duration(lasts)
                        .build());
    }
}
