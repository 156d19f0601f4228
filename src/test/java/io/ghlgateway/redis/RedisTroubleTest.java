package io.ghlgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisTroubleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOLLOWER | READONLY You can't write against a read only replica.",
                "FOLLOWER | ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write",
                "AWAY     | CLUSTERDOWN The cluster is down",
                "AWAY     | CLUSTERDOWN Hash slot not served",
                "AWAY     | LOADING Redis is loading the dataset in memory",
                "FULL     | OOM command not allowed when used memory > 'maxmemory'.",
                "FULL     | ERR Error running script: @user_script: 1: -OOM command not allowed when used memory",
                "FULL     | MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
                "FULL     | NOREPLICAS Not enough good replicas to write.",
                "MOVING   | TRYAGAIN Multiple keys request during rehashing of slot",
            })
    void readsWhatRedisSays(RedisTrouble trouble, String said) {
        assertThat(RedisTrouble.of(new RedisCommandExecutionException(said))).contains(trouble);
        assertThat(RedisTrouble.of(new CompletionException(new RedisCommandExecutionException(said))))
                .contains(trouble);
    }

    @Test
    void noAnswerInTimeIsSilence() {
        assertThat(RedisTrouble.of(new RedisCommandTimeoutException("late"))).contains(RedisTrouble.SILENT);
    }

    @Test
    void whatIsTheCommandsOwnFaultOrThatOfTheConnectionSaysNothingOfTheServer() {
        assertThat(RedisTrouble.of(null)).isEmpty();
        assertThat(RedisTrouble.of(new RedisException("Currently not connected. Commands are rejected.")))
                .isEmpty();
        assertThat(RedisTrouble.of(new RedisCommandExecutionException("NOPERM no permissions to run 'info'")))
                .isEmpty();
        assertThat(RedisTrouble.of(new RedisCommandExecutionException("WRONGTYPE Operation against a key")))
                .isEmpty();
    }
}
