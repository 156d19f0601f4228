package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Restraint;
import io.lettuce.core.SetArgs;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What Redis remembers of a key for longer than its log lives: its quota as learned, and what is kept back of it. */
final class Remembered {

    private static final Duration LIMIT = Duration.ofDays(30);
    private static final Duration RESTRAINT = Duration.ofHours(1);

    /** The name of something that is kept of a key. */
    interface Names {
        byte[] of(BudgetKey key, String kind);
    }

    private final RedisCalls redis;
    private final Names names;

    Remembered(RedisCalls redis, Names names) {
        this.redis = redis;
        this.names = names;
    }

    /** Never fails. */
    Future<Limit> limit(BudgetKey key, Limit otherwise) {
        return redis.call(c -> c.get(names.of(key, "limit")))
                .map(value -> Optional.ofNullable(value)
                        .flatMap(Remembered::parseLimit)
                        .orElse(otherwise))
                .otherwise(otherwise);
    }

    Future<Void> limitIs(BudgetKey key, Limit learned) {
        return keep(key, "limit", learned.requests() + "/" + learned.per().toMillis() + "/" + learned.daily(), LIMIT);
    }

    /** None where it was another quota's. */
    Future<Restraint> restraint(BudgetKey key, long quota) {
        return redis.call(c -> c.get(names.of(key, "restraint")))
                .map(value -> Optional.ofNullable(value)
                        .flatMap(text -> parseRestraint(text, quota))
                        .orElse(Restraint.NONE));
    }

    Future<Void> restraintIs(BudgetKey key, long quota, Restraint restraint) {
        return keep(key, "restraint", restraint.foreign() + "/" + restraint.allowance() + "/" + quota, RESTRAINT);
    }

    private Future<Void> keep(BudgetKey key, String kind, String text, Duration howLong) {
        return redis.call(c -> c.set(
                        names.of(key, kind), text.getBytes(StandardCharsets.US_ASCII), SetArgs.Builder.ex(howLong)))
                .mapEmpty();
    }

    private static Optional<Restraint> parseRestraint(byte[] value, long quota) {
        var parts = new String(value, StandardCharsets.US_ASCII).split("/");
        try {
            var restraint = new Restraint(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            return Long.parseLong(parts[2]) == quota && restraint.foreign() >= 0 && restraint.allowance() >= 1
                    ? Optional.of(restraint)
                    : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<Limit> parseLimit(byte[] value) {
        var parts = new String(value, StandardCharsets.US_ASCII).split("/");
        try {
            return Optional.of(new Limit(
                    Integer.parseInt(parts[0]), Duration.ofMillis(Long.parseLong(parts[1])), Long.parseLong(parts[2])));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }
}
