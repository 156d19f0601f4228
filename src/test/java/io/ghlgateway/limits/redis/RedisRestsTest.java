package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Rests;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.TestRedis;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisRestsTest {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-27T12:00:00Z"));

    @Test
    void nobodyIsToldToRestUntilTheTimeIsKnownThatItIsToldIn() {
        var calls = new RedisCalls(REDIS.link(), time, LimitEvents.NONE);
        var rests = new RedisRests(calls, RedisLine.bytes("rests"), SharedBudgets.clock(time));
        time.isUnsureBy(Duration.ofNanos(Long.MAX_VALUE));

        assertThat(rests.rest(Rests.ALL, Duration.ofMinutes(1)).failed()).isTrue();

        time.isUnsureBy(Duration.ofMillis(1));
        Await.result(rests.rest(Rests.ALL, Duration.ofMinutes(1)));
        assertThat(rests.nanos(Rests.ALL)).isEqualTo(Duration.ofMinutes(1).toNanos());
    }
}
