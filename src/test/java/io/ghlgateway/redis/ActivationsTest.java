package io.ghlgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivationsTest {

    private final Activations activations = new Activations();
    private TestRedis redis;
    private RedisClient client;

    @BeforeEach
    void start() throws IOException {
        redis = TestRedis.started();
        client = RedisClient.create(redis.uri());
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdown();
        redis.close();
    }

    @Test
    void aConnectionIsHandedOutOnceItTakesCommands() {
        var connection = client.connect();

        var active = activations.of(connection);
        assertThat(active.isComplete()).isFalse();
        isActive(connection);
        assertThat(active.succeeded()).isTrue();
    }

    @Test
    void oneThatTookCommandsBeforeAnybodyAskedIsHandedOutAtOnce() {
        var connection = client.connect();
        isActive(connection);

        assertThat(activations.of(connection).succeeded()).isTrue();
    }

    @Test
    void anothersSayNothing() {
        var connection = client.connect();
        isActive(client.connect());

        assertThat(activations.of(connection).isComplete()).isFalse();
    }

    @Test
    void aClientTellsOfItsConnections() {
        client.addListener(activations);

        Await.result(activations.of(client.connect()));
    }

    private void isActive(StatefulRedisConnection<String, String> connection) {
        activations.onRedisConnected((RedisChannelHandler<?, ?>) connection, new InetSocketAddress(6379));
    }
}
