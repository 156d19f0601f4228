package io.ghlgateway.webhooks;

import io.ghlgateway.digest.Sha256;
import io.ghlgateway.redis.RedisLine;
import java.util.Arrays;
import java.util.HexFormat;

/** Where what is kept of webhooks stands in Redis: all in one slot of a Cluster. */
final class RedisQueueKeys {

    /** What a gateway's keys begin with, after its own prefix. */
    static final String PREFIX = ":hook:{hook}:";

    private final RedisLine redis;

    RedisQueueKeys(RedisLine redis) {
        this.redis = redis;
    }

    byte[] seen(Event event) {
        return redis.key("seen:" + HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(event.key()), 12)));
    }

    /** Who got something, by when that was. */
    byte[] names() {
        return redis.key("names");
    }

    /** How many bytes are kept for whom, dead letters among them. */
    byte[] bytes() {
        return redis.key("bytes");
    }

    /** What is not delivered yet. */
    byte[] stream(String subscriber) {
        return redis.key("to:" + subscriber);
    }

    /** What of the stream is to be tried again, by when that is due. */
    byte[] later(String subscriber) {
        return redis.key("later:" + subscriber);
    }

    /** Dead letters by the event's key and, with a {@code !} after it, what is said of them. */
    byte[] letters(String subscriber) {
        return redis.key("dead:" + subscriber);
    }

    /** The keys of dead letters in the order of their burials. */
    byte[] graves(String subscriber) {
        return redis.key("graves:" + subscriber);
    }
}
