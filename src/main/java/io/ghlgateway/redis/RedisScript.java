package io.ghlgateway.redis;

import io.lettuce.core.ScriptOutputType;

/**
 * What Redis does in one go; for Redis 6.2 and later.
 *
 * @param type of its answer
 */
public record RedisScript(String text, ScriptOutputType type) {}
