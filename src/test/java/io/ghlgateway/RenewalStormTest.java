package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas and five hundred installations whose tokens end together, under traffic. */
class RenewalStormTest {

    @TempDir
    Path directory;

    @Test
    void eachInstallationIsRenewedOnceAndNoCallerSeesA401(TestReporter reporter) throws Exception {
        try (var redis = TestRedis.started();
                var stand = new AppStand();
                var one = replica(stand, redis, "one");
                var two = replica(stand, redis, "two");
                var three = replica(stand, redis, "three")) {
            var replicas = List.of(one, two, three);
            for (var replica : replicas) {
                TestBed.await(replica.gateway.ready());
            }
            var kept = one.gateway.credentials().kept().orElseThrow();
            var client = kept.clients().get(new App("main"));
            for (var location : AppStand.many()) {
                TestBed.await(kept.onboarding().take(client, endingSoon(stand, location), false));
            }

            int requests = 0;
            var failed = new ArrayList<String>();
            for (int i = 0; i < AppStand.MANY; i++) {
                var replica = replicas.get(i % 3);
                var path = "/contacts/?locationId=" + AppStand.many().get(i);
                TestBed.until(() -> replica.send(replica.call(path)).statusCode() != 404); // until it has heard of it
                var answer = replica.send(replica.call(path));
                requests++;
                if (answer.statusCode() != 200) {
                    failed.add(path + ": " + answer.statusCode() + " " + answer.body());
                }
            }

            TestBed.until(
                    () -> rotations(stand).stream().filter(count -> count > 0).count() == AppStand.MANY);
            var rotations = rotations(stand);
            reporter.publishEntry(
                    "measured",
                    "%d installations at %d replicas: %d rotations, at most %d of one; %d of %d requests meanwhile failed"
                            .formatted(
                                    rotations.size(),
                                    replicas.size(),
                                    rotations.stream().mapToInt(each -> each).sum(),
                                    Collections.max(rotations),
                                    failed.size(),
                                    requests));
            assertThat(failed).isEmpty();
            assertThat(rotations).containsOnly(1);
            assertThat(stand.highLevel().getJsonObject("tokenEndpoint").getInteger("mostInFlight"))
                    .isLessThanOrEqualTo(3 * 16);
        }
    }

    private AppStand.Stand replica(AppStand stand, TestRedis redis, String name) {
        return stand.gateway(directory.resolve(name), Optional.of(redis.uri()), stand.keyset, "");
    }

    /** HighLevel's own token, said to live for two seconds more. */
    private static TokenGrant endingSoon(AppStand stand, String location) {
        var token = stand.highLevel(new JsonObject()
                .put("token", new JsonObject().put("app", "main").put("location", location)));
        return new TokenGrant(
                Optional.of(Resource.location(location)),
                Optional.of("many"),
                Optional.empty(),
                Secret.of(token.getString("access_token")),
                Optional.of(Secret.of(token.getString("refresh_token"))),
                Duration.ofSeconds(2),
                Set.of(token.getString("scope").split(" ")));
    }

    private static List<Integer> rotations(AppStand stand) {
        return stand.highLevel().getJsonArray("installations").stream()
                .map(each -> ((JsonObject) each).getInteger("rotations"))
                .toList();
    }
}
