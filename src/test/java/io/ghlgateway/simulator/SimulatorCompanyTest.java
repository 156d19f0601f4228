package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OAuth's access tokens open: a company's two operations, and everything else. */
class SimulatorCompanyTest {

    @AutoClose
    private final RunningOAuth upstream = new RunningOAuth(RunningOAuth.options()
            .tokens(Map.of("pit-a", Account.parse("locA"), "pit-co", Account.parse("company:co"))));

    @Test
    void makesALocationsTokensFromItsCompanys() {
        String company = upstream.installed("co").getString("access_token");

        HttpResponse<String> answer = upstream.mint(company, "companyId", "co", "locationId", "locA");
        JsonObject minted = new JsonObject(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(minted.fieldNames())
                .containsExactlyInAnyOrder(
                        "access_token",
                        "token_type",
                        "expires_in",
                        "refresh_token",
                        "scope",
                        "userType",
                        "companyId",
                        "locationId",
                        "userId",
                        "planId",
                        "appId",
                        "versionId",
                        "traceId");
        assertThat(minted.getInteger("expires_in")).isEqualTo(86_400);
        assertThat(minted.getString("appId")).isEqualTo("crmapp");
        assertThat(upstream.get(minted.getString("access_token"), "/contacts/c1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(upstream.refresh(minted.getString("refresh_token")).statusCode())
                .isEqualTo(200);
        assertThat(upstream.state("co").getInteger("mints")).isEqualTo(1);
    }

    @Test
    void makesThemFromJsonAndInTheThirdGenerationToo() {
        String company = upstream.installed("co").getString("access_token");
        JsonObject body = new JsonObject().put("companyId", "co").put("locationId", "locA");

        HttpResponse<String> json = upstream.simulator()
                .send(upstream.json("/oauth/locationToken", body)
                        .header("Authorization", "Bearer " + company)
                        .header("Version", "2021-07-28"));
        HttpResponse<String> third = upstream.simulator()
                .send(upstream.form("/oauth/location-token", "companyId", "co", "locationId", "locA")
                        .header("Authorization", "Bearer " + company)
                        .header("Version", "v3"));

        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(third.body()).fieldNames()).contains("accessToken", "expiresIn", "refreshToken");
    }

    @ParameterizedTest
    @CsvSource({
        "co, '',   422, locationId should not be empty",
        "'', locA, 422, companyId should not be empty",
        "co, locX, 403, The token does not have access to this location.",
        "else, locX, 403, Forbidden resource",
    })
    void makesNoTokensOfWhatIsNotTheCompanys(String company, String location, int status, String words) {
        String token = upstream.installed("co").getString("access_token");

        HttpResponse<String> answer = upstream.mint(token, "companyId", company, "locationId", location);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void turnsAwayWhoIsNoCompanyOrHasNoScopeOrVersion() {
        String location = upstream.installed("locA").getString("access_token");
        String scoped = upstream.installed("co", "contacts.readonly").getString("access_token");
        String[] fields = {"companyId", "co", "locationId", "locA"};

        HttpResponse<String> without = upstream.simulator()
                .send(upstream.form("/oauth/locationToken", fields).header("Authorization", "Bearer " + scoped));

        assertThat(upstream.mint(location, fields).statusCode()).isEqualTo(401);
        assertThat(upstream.mint(location, fields).body()).contains("This token's user type is not yet supported!");
        assertThat(upstream.mint("pit-co", fields).body()).contains("Invalid JWT");
        assertThat(upstream.mint(scoped, fields).statusCode()).isEqualTo(422);
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.body()).contains("version header was not found.");
    }

    @Test
    void listsTheLocationsThatTheAppIsIn() {
        String token = upstream.installed("co").getString("access_token");
        upstream.mint(token, "companyId", "co", "locationId", "locB");
        upstream.order(new JsonObject()
                .put("revoke", new JsonObject().put("app", "crm").put("resource", "locB")));
        String path = "/oauth/installedLocations?companyId=co&appId=crmapp";

        JsonObject all = new JsonObject(upstream.get(token, path).body());

        assertThat(all.getInteger("count")).isEqualTo(3);
        assertThat(all.getBoolean("installToFutureLocations")).isTrue();
        assertThat(all.getJsonArray("locations").getJsonObject(0).fieldNames())
                .containsExactlyInAnyOrder("_id", "name", "address", "isInstalled", "versionId");
        assertThat(ids(token, path)).containsExactly("locA", "locB", "locC");
        assertThat(ids(token, path + "&isInstalled=true")).containsExactly("locA", "locC");
        assertThat(ids(token, path + "&isInstalled=false")).containsExactly("locB");
        assertThat(ids(token, path + "&skip=1&limit=1")).containsExactly("locB");
        assertThat(ids(token, path + "&locationId=locC")).containsExactly("locC");
        assertThat(ids(token, path + "&query=LOCA")).containsExactly("locA", "locB", "locC");
        assertThat(ids(token, path + "&query=%20locA")).containsExactly("locA");
    }

    @Test
    void listsFewerLocationsAtOnceThanAreAskedForWhereItIsToldTo() {
        try (var brief = new RunningOAuth(RunningOAuth.options().locationsAtOnce(2))) {
            String token = brief.installed("co").getString("access_token");

            JsonObject page =
                    new JsonObject(brief.get(token, "/oauth/installedLocations?companyId=co&appId=crmapp&limit=100")
                            .body());

            assertThat(page.getJsonArray("locations")).hasSize(2);
            assertThat(page.getInteger("count")).isEqualTo(3);
        }
    }

    @Test
    void listsAllLocationsPageByPageInTheThirdGeneration() {
        String token = upstream.installed("co").getString("access_token");
        String path = "/oauth/installed-locations?companyId=co&appId=crmapp&pageSize=2";

        JsonObject first = new JsonObject(upstream.get(token, path, "v3").body());
        String next = first.getJsonObject("pagination").getString("nextPageToken");
        JsonObject second = new JsonObject(
                upstream.get(token, path + "&pageToken=" + next, "v3").body());

        assertThat(first.fieldNames()).contains("items", "pagination", "metadata", "installToFutureLocations");
        assertThat(first.getJsonArray("items")).hasSize(2);
        assertThat(second.getJsonArray("items")).hasSize(1);
        assertThat(second.getJsonObject("pagination").getString("nextPageToken"))
                .isNull();
        assertThat(upstream.get(token, path.replace("=2", "=101"), "v3").statusCode())
                .isEqualTo(400);
    }

    @Test
    void listsNothingForWhoDoesNotNameTheApp() {
        String token = upstream.installed("co").getString("access_token");

        HttpResponse<String> unnamed = upstream.get(token, "/oauth/installedLocations?companyId=co");

        assertThat(unnamed.statusCode()).isEqualTo(422);
        assertThat(unnamed.body()).contains("appId should not be empty");
        assertThat(upstream.get(token, "/oauth/installedLocations?companyId=co&appId=otherapp")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void reachesItsLocationsAndNoOther() {
        String company = upstream.installed("co").getString("access_token");
        String location = upstream.installed("locA").getString("access_token");

        assertThat(upstream.get(company, "/locations/locB").statusCode()).isEqualTo(200);
        assertThat(upstream.get(company, "/locations/locX").statusCode()).isEqualTo(403);
        assertThat(upstream.get(location, "/locations/locA").statusCode()).isEqualTo(200);
        assertThat(upstream.get(location, "/locations/locB").statusCode()).isEqualTo(403);
        upstream.order(new JsonObject()
                .put("addLocation", new JsonObject().put("company", "co").put("location", "locNew")));
        assertThat(upstream.get(company, "/locations/locNew").statusCode()).isEqualTo(200);
        assertThat(upstream.get("eyJ.unknown.token", "/locations/locA").body()).contains("Invalid JWT");
        assertThat(upstream.get("pit-unknown", "/locations/locA").body()).contains("Invalid Private Integration token");
    }

    @Test
    void keepsAQuotaForEachAppBesideThatOfPrivateTokens() {
        String token = upstream.installed("locA").getString("access_token");

        HttpResponse<String> answer = upstream.get(token, "/contacts/c1");
        upstream.get("pit-a", "/contacts/c1");
        upstream.get("pit-a", "/contacts/c1");

        Map<String, SimulatorStats.Counts> spent =
                upstream.simulator().simulator().stats().resources();
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).contains("99");
        assertThat(spent.keySet()).containsExactlyInAnyOrderElementsOf(List.of("crmapp:locA", "locA"));
        assertThat(spent.get("crmapp:locA").accepted()).isEqualTo(1);
        assertThat(spent.get("locA").accepted()).isEqualTo(2);
    }

    private List<String> ids(String token, String path) {
        return new JsonObject(upstream.get(token, path).body())
                .getJsonArray("locations").stream()
                        .map(location -> ((JsonObject) location).getString("_id"))
                        .toList();
    }
}
