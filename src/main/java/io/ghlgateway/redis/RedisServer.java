package io.ghlgateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * One server that takes writes.
 *
 * @param name unlike that of any other now
 * @param commands to this one only, on the connection that also carries the commands for its keys
 */
public record RedisServer(String name, RedisClusterAsyncCommands<byte[], byte[]> commands) {}
