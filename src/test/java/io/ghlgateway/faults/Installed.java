package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.limits.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** An app that is installed at some locations, each by itself, so that each has a refresh token that can be lost. */
final class Installed {

    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final String ADMIN = "/admin/v1/installations/";

    private final World world;
    private final List<String> locations;

    Installed(World world, int count) {
        this.world = world;
        this.locations = locations(count);
    }

    /** @param journal where a replica keeps its log of renewals */
    static Plan plan(Path journal, int count) {
        return office(journal, count).more(app(""));
    }

    /** The same without the app itself. */
    static Plan office(Path journal, int count) {
        return new Plan()
                .highLevel(all ->
                        all.app("main", "65f0aa-main", "client-secret-31").company("agency", locations(count)))
                .without("name: billing")
                .caller("{name: billing, key: " + Plan.KEY + ", tenants: [\"*\"]}")
                .set("public.host", "127.0.0.1")
                .set("public.port", "0")
                .set("public.url", "\"http://127.0.0.1:1\"")
                .set("credentials.journal", "\"" + journal + "\"")
                .set(
                        "credentials.encryption-key",
                        "\"" + RecordCipher.newKeyset().reveal() + "\"");
    }

    /** @param more of its fields, after a comma */
    static String app(String more) {
        return "apps: [{id: main, client-id: 65f0aa-main, client-secret: client-secret-31, scopes: [contacts.readonly]"
                + more + "}]\n";
    }

    private static List<String> locations(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "agency-" + i).toList();
    }

    /** At this replica, with HighLevel's own tokens. */
    void install(Replica replica) {
        for (var location : locations) {
            var asked = new JsonObject().put("app", "main").put("location", location);
            var token = Await.result(world.simulator().oauth(new JsonObject().put("token", asked)));
            var answer = world.order(
                    replica,
                    ADMIN + "import",
                    new JsonObject().put("app", "main").put("token", token).encode());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    HttpResponse<String> refresh(Replica replica, String location) {
        return world.order(replica, path(location), "");
    }

    static String path(String location) {
        return ADMIN + "main/" + location + "/refresh";
    }

    List<String> locations() {
        return locations;
    }

    /** Those that cannot be renewed and used, however long one waits for what the trouble left behind. */
    List<String> lost(Replica replica) {
        var left = new ArrayList<>(locations);
        long end = System.nanoTime() + SETTLED.toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left.removeIf(
                    location -> refresh(replica, location).statusCode() == 200 && serve(replica, location) == 200);
        }
        return left;
    }

    int serve(Replica replica, String location) {
        return world.send(World.ask(replica, "/contacts/?locationId=" + location))
                .statusCode();
    }

    /** HighLevel's own account of a kind, over all installations. */
    long sum(String field) {
        return sum(each -> each.getLong(field));
    }

    private long sum(ToLongFunction<JsonObject> value) {
        JsonArray all = Await.result(world.simulator().oauth()).getJsonArray("installations");
        return all.stream().map(JsonObject.class::cast).mapToLong(value).sum();
    }
}
