package io.ghlgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.lettuce.core.KillArgs;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisLinkTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final byte[] LIST = "list".getBytes(StandardCharsets.US_ASCII);

    private final List<RedisLink> links = new ArrayList<>();

    @AfterEach
    void close() {
        links.forEach(link -> Await.result(link.close()));
    }

    @Test
    void aCommandUnderWayWhenTheConnectionBreaksFailsAndIsNotSentAgain() throws IOException {
        try (var redis = TestRedis.started()) {
            breaksUnderWay(RedisAddress.parse(redis.uri(), false).orElseThrow());
        }
    }

    @Test
    void norIsOneToANodeOfACluster() throws IOException {
        try (var redis = TestCluster.started()) {
            breaksUnderWay(redis.address());
        }
    }

    /** One that waits for an element would take it, if it were sent again. */
    private void breaksUnderWay(RedisAddress address) {
        var link = connected(address);
        var heard = new CopyOnWriteArrayList<String>();
        link.listen(new RedisLink.Listener() {
            @Override
            public void up() {
                heard.add("up");
            }

            @Override
            public void down() {
                heard.add("down");
            }
        });
        var other = Await.result(connected(address).serverOf(LIST)).commands();
        var taken = Future.fromCompletionStage(
                Await.result(link.serverOf(LIST)).commands().blpop(0, LIST));
        Await.until(() ->
                Await.result(Future.fromCompletionStage(other.clientList())).contains("cmd=blpop"));

        Await.result(Future.fromCompletionStage(other.clientKill(KillArgs.Builder.typeNormal())));

        Await.until(taken::isComplete);
        assertThat(taken.failed()).isTrue();
        Await.until(() -> heard.size() >= 2);
        assertThat(heard).startsWith("down", "up");
        Await.result(Future.fromCompletionStage(other.rpush(LIST, LIST)));
        assertThat(Await.result(
                        Future.fromCompletionStage(link.commands().orElseThrow().llen(LIST))))
                .isEqualTo(1);
    }

    @Test
    void tellsNothingOfTheConnectionsToSentinels() throws IOException {
        try (var redis = TestSentinel.started()) {
            var told = new CopyOnWriteArrayList<String>();
            var link = RedisLink.to(redis.uri(), PATIENT, Ticker.systemTicker());
            links.add(link);
            link.listen(new RedisLink.Listener() {
                @Override
                public void up() {
                    told.add("up");
                }

                @Override
                public void down() {
                    told.add("down");
                }
            });
            link.start();
            Await.result(link.seen());
            Await.result(
                    Future.fromCompletionStage(link.commands().orElseThrow().ping()));

            assertThat(told).containsExactly("up");
        }
    }

    private RedisLink connected(RedisAddress address) {
        var link = RedisLink.to(address, PATIENT, Ticker.systemTicker());
        links.add(link);
        link.start();
        Await.result(link.seen());
        return link;
    }
}
