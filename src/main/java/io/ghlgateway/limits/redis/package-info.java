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
 *   <dt>life
 *   <dd>what one Redis remembers, from one mark to the next; a server that was emptied begins another.
 *   <dt>closed, or paused
 *   <dd>of all replicas: none grants, since what Redis holds cannot be believed: a period, unless {@link Repayment}
 *       ends it earlier.
 *   <dt>share
 *   <dd>what one replica grants by itself while Redis is lost ({@link LocalShare}).
 *   <dt>busy, quiet
 *   <dd>of a key: more than half of its quota was used lately, as replicas tell each other ({@link BusyKeys}), or surely not.
 *   <dt>early
 *   <dd>what a share grants of quiet keys before a period is over since the loss: half of it.
 *   <dt>lingers
 *   <dd>of a share: Redis answers, and until budgets are open again the share goes on for quiet keys.
 *   <dt>aftermath
 *   <dd>the time after a loss in which something is kept back for what others may have granted early ({@link Aftermath}).
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
