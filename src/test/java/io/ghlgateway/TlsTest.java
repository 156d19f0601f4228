package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.http.TestCertificates;
import io.ghlgateway.http.TestCertificates.Made;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doors over TLS, and HighLevel over TLS: who is trusted, and which HTTP is spoken. */
class TlsTest {

    @TempDir
    private static Path directory;

    private static Made server;
    private static Made caller;

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        server = TestCertificates.make(directory, "server", "localhost");
        caller = TestCertificates.make(directory, "caller", "caller");
        bed = TestBed.start(new Plan().set("proxy.tls", files()).set("admin.tls", files()));
    }

    @Test
    void aCallerSpeaksHttp2OverTlsOrHttp1AsItLikes() throws Exception {
        for (var version : HttpClient.Version.values()) {
            var answer = get(version, bed.proxyPort(), "/contacts/", server.trusted());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
        }
    }

    @Test
    void theOperatorsDoorSpeaksHttp1() throws Exception {
        int port = URI.create(bed.adminUrl()).getPort();

        var answer = get(HttpClient.Version.HTTP_2, port, "/health/live", server.trusted());

        assertThat(bed.adminUrl()).startsWith("https://");
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void neitherOldVersionsNorWeakSuitesAreSpoken() throws Exception {
        for (var old : new String[][] {{"TLSv1.1", null}, {"TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"}}) {
            try (var socket =
                    (SSLSocket) server.trusted().getSocketFactory().createSocket("localhost", bed.proxyPort())) {
                socket.setEnabledProtocols(new String[] {old[0]});
                if (old[1] != null) {
                    socket.setEnabledCipherSuites(new String[] {old[1]});
                }
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void plainHttpIsNotSpokenThere() {
        try (var wire = bed.wire()) {
            wire.send("GET / HTTP/1.1\nHost: gateway\n\n");

            assertThat(wire.rest()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void whereCallersMustShowThemselvesOthersAreNotLetIn() throws Exception {
        var files = files().replace("}", ", client-ca: \"" + caller.certificate() + "\"}");
        try (var here = TestBed.start(new Plan().set("proxy.tls", files))) {
            var known = server.trusted(caller);

            assertThat(get(HttpClient.Version.HTTP_1_1, here.proxyPort(), "/contacts/", known)
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> get(HttpClient.Version.HTTP_1_1, here.proxyPort(), "/contacts/", server.trusted()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void highLevelIsBelievedByItsCertificateAndItsName() throws Exception {
        var localhost = URI.create("https://localhost:" + bed.proxyPort());
        var number = URI.create("https://127.0.0.1:" + bed.proxyPort());
        var ca = "\"" + server.certificate() + "\"";

        assertThat(statusBehind(localhost, new Plan().set("upstream.ca", ca))).isEqualTo(401); // the far gateway's own
        assertThat(statusBehind(number, new Plan().set("upstream.ca", ca)))
                .as("another name")
                .isEqualTo(502);
        assertThat(statusBehind(localhost, new Plan())).as("nobody signed it").isEqualTo(502);
    }

    @Test
    void whatIsWrongWithTheFilesIsSaidAtOnce() {
        var yaml = """
                proxy: {tls: {certificate: "%s", key: "%s"}}
                admin: {tls: {certificate: none.pem, key: none.key}}
                upstream: {ca: "%s"}
                tenants: [{id: acme, location: loc1, token: pit-1}]
                callers: [{name: billing, key: k, tenants: acme}]
                """.formatted(server.certificate(), caller.key(), server.key());

        var loaded = SettingsLoader.parse(directory.resolve("gateway.yaml"), yaml, Map.of());

        assertThat(((Loaded.Refused) loaded).problems())
                .anySatisfy(line -> assertThat(line).contains("proxy.tls.certificate", "is not the key of"))
                .anySatisfy(line -> assertThat(line).contains("admin.tls.certificate", "none.pem", "no such file"))
                .anySatisfy(line -> assertThat(line).contains("upstream.ca", "BEGIN CERTIFICATE"))
                .hasSize(3);
    }

    /** Of a gateway whose HighLevel is another one's door. */
    private static int statusBehind(URI upstream, Plan plan) {
        try (var near = TestBed.start(plan, upstream)) {
            return near.get("/no-such-api").statusCode();
        }
    }

    private static String files() {
        return "{certificate: \"" + server.certificate() + "\", key: \"" + server.key() + "\"}";
    }

    private static HttpResponse<String> get(
            HttpClient.Version version, int port, String path, javax.net.ssl.SSLContext trust) throws Exception {
        var client = HttpClient.newBuilder().version(version).sslContext(trust).build();
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                        .header("Authorization", "Bearer " + Plan.KEY)
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                BodyHandlers.ofString());
    }
}
