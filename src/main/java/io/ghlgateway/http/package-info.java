/**
 * Listeners: what all doors demand of HTTP, whatever stands behind them, and how long they wait for it. And what we need of
 * HTTP beyond Vert.x where we ask others: an answer up to a bound, a connection cut, or one that leaves nothing behind.
 */
@NullMarked
package io.ghlgateway.http;

import org.jspecify.annotations.NullMarked;
