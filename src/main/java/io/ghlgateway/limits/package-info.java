/**
 * Budgets: how much of HighLevel's quota may be spent now, by all replicas together, and when more comes. Built on
 * Bucket4j, in memory or in Redis. Knows nothing of callers, queues or sending.
 */
@NullMarked
package io.ghlgateway.limits;

import org.jspecify.annotations.NullMarked;
