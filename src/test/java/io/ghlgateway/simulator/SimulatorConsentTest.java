package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningOAuth.CALLBACK;
import static io.ghlgateway.simulator.RunningOAuth.CLIENT;
import static io.ghlgateway.simulator.RunningOAuth.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorConsentTest {

    private static final Pattern LINK = Pattern.compile("<a class=\"\\w+\" href=\"([^\"]+)\">([^<]+)</a>");

    @AutoClose
    private final RunningOAuth upstream = new RunningOAuth();

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/chooselocation", "/v2/oauth/chooselocation"})
    void namesTheAppItsScopesAndEveryChoice(String path) {
        HttpResponse<String> page = get(path + query("&scope=contacts.readonly%20%3Cb%3E"));

        List<String> choices =
                LINK.matcher(page.body()).results().map(link -> link.group(2)).toList();
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains("<strong>crm</strong>", "contacts.readonly", "&lt;b&gt;");
        assertThat(choices)
                .containsExactly(
                        "Agency co: all its locations, future ones too",
                        "Location locA",
                        "Location locB",
                        "Location locC",
                        "Agency else: all its locations, future ones too",
                        "Location locX");
    }

    @Test
    void sendsAClickBackWithCodeAndState() {
        HttpResponse<String> click = click("Location locB", "&scope=contacts.readonly&state=a%26b");

        String target = click.headers().firstValue("Location").orElseThrow();
        JsonObject pair = new JsonObject(upstream.token(
                        "client_id",
                        CLIENT,
                        "client_secret",
                        SECRET,
                        "grant_type",
                        "authorization_code",
                        "code",
                        target.replaceAll(".*[?&]code=([0-9a-f]+).*", "$1"),
                        "redirect_uri",
                        CALLBACK)
                .body());

        assertThat(click.statusCode()).isEqualTo(302);
        assertThat(target).startsWith(CALLBACK + "&code=").endsWith("&state=a%26b");
        assertThat(pair.getString("locationId")).isEqualTo("locB");
        assertThat(pair.getString("scope")).isEqualTo("contacts.readonly");
    }

    @Test
    void installsInAWholeAgencyAndSendsNoStateThatDidNotCome() {
        HttpResponse<String> click = click("Agency co: all its locations, future ones too", "");

        String target = click.headers().firstValue("Location").orElseThrow();

        assertThat(target).doesNotContain("state");
        assertThat(upstream.exchange(target.replaceAll(".*code=", "")).body()).contains("\"userType\":\"Company\"");
    }

    @Test
    void bindsTheCodeToItsRedirectUri() {
        HttpResponse<String> click = click("Location locA", "");
        String code = click.headers().firstValue("Location").orElseThrow().replaceAll(".*code=", "");

        HttpResponse<String> answer = upstream.token(
                "client_id",
                CLIENT,
                "client_secret",
                SECRET,
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                "https://evil.example/");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("redirectUri");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody-1,    code,  https://app.example/callback?from=crm, 404, No integration found with the ID",
        "crmapp,      code,  https://app.example/callback?from=crm, 404, No integration found with the ID",
        "crmapp-k1,   token, https://app.example/callback?from=crm, 400, response_type must be code",
        "crmapp-k1,   code,  https://evil.example/,                 400, redirect_uri is not registered",
        "otherapp-k1, code,  javascript:alert(1),                   400, redirect_uri is not registered",
        "otherapp-k1, code,  '',                                    400, redirect_uri is not registered",
        "otherapp-k1, code,  http://127.0.0.1:9/callback,           302, ''",
    })
    void redirectsNowhereButToAnAppsOwnUri(String client, String type, String uri, int status, String words) {
        HttpResponse<String> answer = get("/oauth/chooselocation?response_type=" + type + "&client_id=" + client
                + "&redirect_uri=" + URLEncoder.encode(uri, StandardCharsets.UTF_8) + "&install_location=locA");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
        assertThat(answer.headers().firstValue("Location").isPresent()).isEqualTo(status == 302);
    }

    private HttpResponse<String> click(String choice, String more) {
        String path = "/v2/oauth/chooselocation";
        String href = LINK.matcher(get(path + query(more)).body())
                .results()
                .filter(link -> link.group(2).equals(choice))
                .map(link -> link.group(1).replace("&amp;", "&"))
                .findFirst()
                .orElseThrow();
        return get(path + href);
    }

    private HttpResponse<String> get(String path) {
        return upstream.simulator().send(upstream.simulator().bare("GET", path, ""));
    }

    private static String query(String more) {
        return "?response_type=code&client_id=" + CLIENT + "&redirect_uri="
                + URLEncoder.encode(CALLBACK, StandardCharsets.UTF_8) + more;
    }
}
