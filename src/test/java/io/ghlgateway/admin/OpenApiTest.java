package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the operators' API, and the API. */
class OpenApiTest {

    private @TempDir Path directory;

    @Test
    void everyRouteIsDescribedAndNothingElseIs() {
        var vertx = Vertx.vertx();
        try (var bed = new AdminBed(directory, AdminBed.KEYSET)) {
            var described = new JsonObject(bed.get("/openapi.json").text());

            assertThat(described.getString("openapi")).startsWith("3.1");
            assertThat(operations(described)).isEqualTo(operations(everything(vertx, bed.api)));
        } finally {
            vertx.close();
        }
    }

    @Test
    void everyParameterOfAPathIsDescribedAndEveryReferenceLeadsSomewhere() {
        try (var bed = new AdminBed(directory, AdminBed.KEYSET)) {
            var text = bed.get("/openapi.json").text();
            var described = new JsonObject(text);

            var responses = described.getJsonObject("components").getJsonObject("responses");
            assertThat(text.split("#/components/responses/Problem\"", -1)).hasSizeGreaterThan(50);
            assertThat(text.split("\\$ref", -1)).hasSameSizeAs(text.split("#/components/responses/Problem\"", -1));
            assertThat(responses.containsKey("Problem")).isTrue();
            described
                    .getJsonObject("paths")
                    .forEach(path -> ((JsonObject) path.getValue()).forEach(operation -> {
                        var named = new TreeSet<String>();
                        ((JsonObject) operation.getValue())
                                .getJsonArray("parameters", new JsonArray())
                                .forEach(each -> {
                                    var parameter = (JsonObject) each;
                                    if (parameter.getString("in").equals("path")) {
                                        named.add("{" + parameter.getString("name") + "}");
                                    }
                                });
                        var inPath = new TreeSet<String>();
                        for (var segment : path.getKey().split("/")) {
                            if (segment.startsWith("{")) {
                                inPath.add(segment);
                            }
                        }
                        assertThat(named).as(path.getKey()).isEqualTo(inPath);
                    }));
        }
    }

    private static Set<String> operations(JsonObject described) {
        var all = new TreeSet<String>();
        described
                .getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .fieldNames()
                        .forEach(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    private static Set<String> operations(Router router) {
        var all = new TreeSet<String>();
        router.getRoutes().forEach(route -> {
            if (route.getName() != null && route.getName().startsWith("/admin/") && route.methods() != null) {
                route.methods()
                        .forEach(
                                method -> all.add(method + " " + route.getName().replaceAll(":([a-z]+)", "{$1}")));
            }
        });
        return all;
    }

    /** Of a gateway that has everything; nobody comes. */
    private static Router everything(Vertx vertx, CredentialApi credentials) {
        return new AdminServer(
                        vertx,
                        new Health(() -> false, List::of),
                        () -> "",
                        JsonObject::new,
                        new OperatorsGuard(
                                vertx,
                                () -> OperatorsGuard.Keys.NONE,
                                new AuditLog(Optional.empty(), InstantSource.system())),
                        Optional.of(new BudgetApi(null, null, null, null, null)),
                        Optional.of(new ExplainApi(null)),
                        Optional.of(credentials),
                        Optional.of(new WebhookApi(null, new SecureRandom())),
                        Optional.of(new ReloadApi(null)),
                        Optional.of(new LiveFeed(vertx, null, () -> false, Optional.empty())))
                .router();
    }
}
