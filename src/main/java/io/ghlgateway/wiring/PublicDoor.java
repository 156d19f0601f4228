package io.ghlgateway.wiring;

import io.ghlgateway.digest.HmacSha256;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.Listening;
import io.ghlgateway.install.CodeExchange;
import io.ghlgateway.install.InstallDoor;
import io.ghlgateway.install.PublicServer;
import io.ghlgateway.settings.AppSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.telemetry.Meters;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.ExternalAuthRelay;
import io.ghlgateway.webhooks.WebhookHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The door that customers come through to connect, and HighLevel to tell: open where an app is configured. */
record PublicDoor(PublicServer server, String url) {

    private static final byte[] PURPOSE = "ghl-gateway install state".getBytes(StandardCharsets.UTF_8);

    /** What it serves is rare, or short. */
    private static final int MOST_CONNECTIONS = 2_000;

    static Future<Optional<PublicDoor>> open(
            Vertx vertx, Settings settings, Credentials credentials, Optional<Webhooks> webhooks, Meters meters) {
        if (webhooks.isEmpty()) { // and so there is no app, or no keyset
            return Future.succeededFuture(Optional.empty());
        }
        var kept = credentials.kept().orElseThrow();
        var place = settings.publicDoor();
        var outside = place.url().orElseThrow();
        var door = new InstallDoor(
                settings.apps().stream().map(AppSettings::install).toList(),
                outside,
                stateKey(settings.credentials().encryptionKey().orElseThrow()),
                (nonce, life) -> kept.store().claim("state/" + nonce, life),
                (app, code, pending) -> complete(kept, app, code, pending),
                meters.credentials(),
                InstantSource.system(),
                new SecureRandom());
        var server = new PublicServer(
                vertx, "https".equals(outside.getScheme()), rooms(door, webhooks.get()), PublicDoor::isForHighLevel);
        var listening = new Listening(
                place.host(),
                place.port(),
                settings.tls().publicDoor(),
                ConnectionCap.ofFiles(5, MOST_CONNECTIONS),
                meters.connections("public"));
        return server.listen(listening)
                .map(open -> Optional.of(new PublicDoor(server, listening.url(open.actualPort()))));
    }

    /** HighLevel itself comes to two of them, customers to the third. */
    private static Handler<HttpServerRequest> rooms(InstallDoor customers, Webhooks webhooks) {
        return request -> {
            if (request.uri().startsWith(WebhookHandler.PATH)) {
                webhooks.door().handle(request);
            } else if (request.uri().startsWith(ExternalAuthRelay.PATH)) {
                webhooks.externalAuth().handle(request);
            } else {
                customers.handle(request);
            }
        };
    }

    private static boolean isForHighLevel(String uri) {
        return uri.startsWith(WebhookHandler.PATH) || uri.startsWith(ExternalAuthRelay.PATH);
    }

    private static Future<CodeExchange.Connected> complete(
            Credentials.Kept kept, App app, Secret code, boolean pending) {
        return kept.onboarding()
                .exchange(kept.clients().get(app), code, pending)
                .map(connected -> {
                    var installation = connected.installation();
                    var resource = installation.key().resource();
                    return new CodeExchange.Connected(
                            resource,
                            installation.companyId(),
                            resource.isCompany() ? connected.locations() : 1,
                            installation.isPending());
                });
    }

    /** The same on all replicas, for they have the same keyset; it says nothing of it. */
    private static byte[] stateKey(Secret keyset) {
        return HmacSha256.of(keyset.reveal().getBytes(StandardCharsets.UTF_8), PURPOSE);
    }

    Future<Void> drain(Duration most) {
        return server.drain(most);
    }
}
