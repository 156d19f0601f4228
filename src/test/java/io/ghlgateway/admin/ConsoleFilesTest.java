package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConsoleFilesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Vertx vertx;
    private static HttpServer locked;
    private static HttpServer open;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        locked = Await.result(AdminBed.server(vertx, Optional.of("admin-key-1"), Optional.empty()));
        open = Await.result(AdminBed.server(vertx, Optional.empty(), Optional.empty()));
    }

    @AfterAll
    static void stop() {
        Await.result(vertx.close());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + locked.actualPort() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void thePageIsThereWithoutAKeyForItAsksForOne() throws Exception {
        var page = get("/console/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(get("/console").headers().firstValue("Location")).hasValue("console/");
        assertThat(get("/admin/v1/live").statusCode()).isEqualTo(401);
        assertThat(get("/console/nothing.js").statusCode()).isEqualTo(401);
    }

    @Test
    void nothingStandsInThePageThatThePolicyForbidsAndAllItNamesIsThere() throws Exception {
        var page = get("/console/").body();

        assertThat(page).doesNotContain("<style", " style=", " onclick=", "http://", "https://");
        assertThat(Pattern.compile("<script(?! type=\"module\" src=\"main\\.js\">)")
                        .matcher(page)
                        .find())
                .isFalse();
        var named = Pattern.compile("(?:src|href)=\"([^#\"]+)\"")
                .matcher(page)
                .results()
                .toList();
        assertThat(named).hasSize(3);
        for (var file : named) {
            assertThat(get("/console/" + file.group(1)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void modulesImportOnlyEachOtherAndMakeNothingOutOfText() throws Exception {
        var modules = List.of(
                "main",
                "session",
                "feed",
                "dom",
                "format",
                "dialogs",
                "overview",
                "quotas",
                "credentials",
                "webhooks",
                "refusals",
                "explain");
        for (var module : modules) {
            var text = get("/console/" + module + ".js").body();

            assertThat(text).doesNotContain("innerHTML", "eval(", "document.cookie", "https://");
            for (var imported :
                    Pattern.compile("from '([^']+)'").matcher(text).results().toList()) {
                assertThat(imported.group(1)).matches("\\./[a-z]+\\.js");
                assertThat(modules).contains(imported.group(1).substring(2).replace(".js", ""));
            }
        }
    }

    /** A page whose own name was made to lead here (DNS rebinding) has this door's origin, but not its name. */
    @Test
    void withoutAKeyItAnswersToThisMachinesNamesOnly() throws Exception {
        assertThat(asked("localhost")).contains("404");
        assertThat(asked("127.0.0.1:9091")).contains("404");
        assertThat(asked("[::1]:9091")).contains("404");
        assertThat(asked("gateway.localhost")).contains("404");
        assertThat(asked("rebound.example")).contains("403");
        assertThat(asked("localhost.example:9091")).contains("403");
        assertThat(asked("127.0.0.1.example")).contains("403");
    }

    private static String asked(String host) throws IOException {
        try (var socket = new Socket("127.0.0.1", open.actualPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET /admin/v1/nothing HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
