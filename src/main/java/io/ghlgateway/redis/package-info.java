/**
 * The way to Redis: a connection that comes back by itself, whose commands never wait for long and never run late. Knows
 * nothing of what is kept there, and of this project imports {@code digest} alone.
 */
@NullMarked
package io.ghlgateway.redis;

import org.jspecify.annotations.NullMarked;
