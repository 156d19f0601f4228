package io.ghlgateway.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.Base16;
import java.nio.charset.StandardCharsets;

/**
 * What Redis does in one go; for Redis 6.2 and later.
 *
 * @param type of its answer
 * @param digest by which Redis knows it
 */
public record RedisScript(String text, ScriptOutputType type, String digest) {

    public RedisScript(String text, ScriptOutputType type) {
        this(text, type, Base16.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
