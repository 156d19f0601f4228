package io.ghlgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://h                                         | false | h:6379",
                "rediss://user:secret@h:7000/2                     | false | h:7000",
                "redis-sentinel://:secret@h1,h2:26380/0#main       | false | h1:26379, h2:26380",
                "redis://h1:7000,h2:7001                           | true  | h1:7000, h2:7001",
                "rediss://user:secret@h1:7000,h2:7001,h3           | true  | h1:7000, h2:7001, h3:6379",
                "redis://h:7000                                    | true  | h:7000",
            })
    void readsWhatLettuceReadsAndTellsNoSecret(String uri, boolean cluster, String shown) {
        var address = RedisAddress.parse(uri, cluster).orElseThrow();

        assertThat(address).hasToString(shown);
        assertThat(address.contradiction()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h:6379",
                "http://h",
                "redis://",
                "redis://h:x",
                "redis://:secret@:x",
                "redis://h1:7000,h2:x",
                "redis-sentinel://h1,h2",
                "redis-socket:///tmp/redis"
            })
    void refusesWhatIsNoRedisUri(String text) {
        assertThat(RedisAddress.parse(text, true)).isEmpty();
    }

    @Test
    void aClustersNodesTakeUserPasswordAndTlsFromTheUri() {
        var nodes = RedisAddress.parse("rediss://user:secret@h1:7000,h2:7001", true)
                .orElseThrow()
                .uris();

        assertThat(nodes).hasSize(2).allMatch(RedisURI::isSsl);
        assertThat(nodes)
                .map(node -> node.getCredentialsProvider()
                        .resolveCredentials()
                        .block()
                        .getUsername())
                .containsExactly("user", "user");
    }

    @Test
    void saysWhichHalvesDoNotGoTogether() {
        assertThat(contradiction("redis://h1:7000,h2:7001", false)).contains("set redis.cluster to true");
        assertThat(contradiction("redis-sentinel://h1/0#main", true)).contains("names Sentinels");
        assertThat(contradiction("redis://h1:7000/1", true)).contains("names a database");
    }

    private static String contradiction(String uri, boolean cluster) {
        return RedisAddress.parse(uri, cluster).orElseThrow().contradiction().orElseThrow();
    }
}
