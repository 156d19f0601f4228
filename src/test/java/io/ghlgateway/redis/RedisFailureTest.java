package io.ghlgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionSelectorException;
import io.lettuce.core.cluster.models.partitions.Partitions;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFailureTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTH        | WRONGPASS invalid username-password pair or user is disabled.",
                "AUTH        | NOAUTH Authentication required.",
                "AUTH        | NOPERM this user has no permissions to run the 'eval' command",
                "READONLY    | ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write",
                "OOM         | OOM command not allowed when used memory > 'maxmemory'.",
                "UNWRITABLE  | MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
                "UNWRITABLE  | NOREPLICAS Not enough good replicas to write.",
                "UNAVAILABLE | CLUSTERDOWN The cluster is down",
                "MOVING      | TRYAGAIN Multiple keys request during rehashing of slot",
                "OTHER       | WRONGTYPE Operation against a key",
            })
    void readsWhatRedisSays(RedisFailure failure, String said) {
        assertThat(RedisFailure.of(new CompletionException(new RedisCommandExecutionException(said))))
                .isEqualTo(failure);
        assertThat(RedisFailure.of(
                        new RedisConnectionException("Unable to connect", new RedisCommandExecutionException(said))))
                .isEqualTo(failure == RedisFailure.OTHER ? RedisFailure.DISCONNECTED : failure);
    }

    @Test
    void readsWhatBecameOfTheConnection() {
        assertThat(RedisFailure.of(new RedisConnectionException("Unable to connect", new ConnectException("refused"))))
                .isEqualTo(RedisFailure.REFUSED);
        assertThat(RedisFailure.of(
                        new RedisConnectionException("Unable to connect", new SSLHandshakeException("PKIX"))))
                .isEqualTo(RedisFailure.TLS);
        assertThat(Stream.of(
                                new RedisException("Currently not connected. Commands are rejected."),
                                new RedisException("Connection closed"),
                                new RedisConnectionException("not connected to Redis yet"))
                        .map(RedisFailure::of))
                .containsOnly(RedisFailure.DISCONNECTED);
        assertThat(RedisFailure.of(new RedisCommandTimeoutException("late"))).isEqualTo(RedisFailure.TIMEOUT);
        assertThat(RedisFailure.of(new PartitionSelectorException("no partition", new Partitions())))
                .isEqualTo(RedisFailure.UNAVAILABLE);
        assertThat(RedisFailure.of(new IllegalStateException("a defect"))).isEqualTo(RedisFailure.OTHER);
    }
}
