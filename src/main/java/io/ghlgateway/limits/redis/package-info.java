/**
 * Budgets in a Redis that all replicas share, and what becomes of them when it is lost, forgets, or comes back. {@link
 * RedisBudgets} puts them together; {@link RedisTrust} knows whether Redis may be believed.
 *
 * <p>Words of this package, beside those of {@code limits}:
 *
 * <dl>
 *   <dt>mark
 *   <dd>the key by which a Redis that remembers is told from one that forgot ({@link RedisEpoch}); in a Cluster each slot has
 *       one too ({@link SlotMarks}).
 *   <dt>pause
 *   <dd>the time during which no replica grants, since what Redis holds cannot be believed: a period, unless {@link Repayment}
 *       ends it earlier.
 *   <dt>share
 *   <dd>what one replica grants by itself while Redis is lost ({@link LocalShare}).
 *   <dt>occasion
 *   <dd>a reason for a replica to tell Redis anew what it sent: it had granted by itself, or Redis began another life.
 *   <dt>elder
 *   <dd>a replica that was in use before the mark that is in force, and so knows who else was there; the others are young.
 *       Without an elder nobody can say that all have told ({@link RepaidWord}).
 * </dl>
 */
@NullMarked
package io.ghlgateway.limits.redis;

import org.jspecify.annotations.NullMarked;
