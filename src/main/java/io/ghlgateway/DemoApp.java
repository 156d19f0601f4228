package io.ghlgateway;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.install.InstallDoor;
import io.ghlgateway.settings.AppSettings;
import io.ghlgateway.settings.CredentialSettings;
import io.ghlgateway.settings.PublicSettings;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The demo's app in its simulated Marketplace, for one more customer to come by a click. What it is given is kept in a
 * directory of the system's for passing things, and is worth nothing after the demo.
 *
 * @param port of the public door
 */
record DemoApp(String host, int port, Path directory, Secret keyset) {

    /** The customer that the demo's closing lines name. */
    static final String LOCATION = "clicked-1";

    private static final App APP = new App("demo");
    private static final String CLIENT_ID = "demo0app-1";
    private static final String CLIENT_SECRET = "demo-client-secret";
    private static final String COMPANY = "clicked";

    /** @param port 0: any free one, which its own address must name */
    static DemoApp at(String host, int port) throws IOException {
        return new DemoApp(
                host,
                port == 0 ? free(host) : port,
                Files.createTempDirectory("ghl-gateway-demo"),
                RecordCipher.newKeyset());
    }

    private static int free(String host) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }

    SimulatorOptions.Builder known(SimulatorOptions.Builder simulator) {
        return simulator
                .app(APP.id(), CLIENT_ID, CLIENT_SECRET)
                .company(COMPANY, List.of(LOCATION, COMPANY + "-2", COMPANY + "-3"));
    }

    PublicSettings door() {
        return new PublicSettings(host, port, Optional.of(url()));
    }

    AppSettings settings(URI upstream) {
        var install = new InstallApp(
                client(),
                List.of("contacts.readonly", "contacts.write", "oauth.readonly", "oauth.write"),
                upstream.resolve("/v2/oauth/chooselocation"),
                Optional.empty(),
                true,
                InstallApp.Policy.ACCEPT);
        return new AppSettings(install, upstream.resolve("/oauth/token"), List.of(), Optional.empty());
    }

    OAuthClient client() {
        return new OAuthClient(APP, CLIENT_ID, Secret.of(CLIENT_SECRET), url() + "/oauth/callback/" + APP);
    }

    CredentialSettings credentials() {
        return new CredentialSettings(Optional.of(directory), Optional.of(keyset), false);
    }

    /** Where the click begins. */
    URI link() {
        return InstallDoor.link(url(), APP);
    }

    private URI url() {
        return URI.create("http://" + host + ":" + port);
    }
}
