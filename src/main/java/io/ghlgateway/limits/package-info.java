/**
 * Budgets: how much of HighLevel's quota may be spent now, by all replicas together, and when more comes. Built on
 * Bucket4j, in memory or in Redis. Knows nothing of callers, queues or sending.
 *
 * <p>Words of this package:
 *
 * <dl>
 *   <dt>key
 *   <dd>whose quota it is: of an app, at a location or company ({@link BudgetKey}).
 *   <dt>period
 *   <dd>for how long a send counts at most: the interval of the short window and a little more ({@link StrictWindow#period}).
 *       After one, whatever was forgotten does not matter any more.
 *   <dt>burst
 *   <dd>the short window, kept as a log of payments ({@link SendLog}); beside it stands the day, a bucket.
 *   <dt>guard
 *   <dd>that little more of a log, for the network's jitter.
 *   <dt>hold
 *   <dd>what a 429 makes of a key or of an endpoint's limit: nothing is given for a while, at once on this replica.
 *   <dt>rest
 *   <dd>the same of a key, or of all, on all replicas: because one of them holds it, the edge bars the address, or an
 *       operator says so ({@link Rests}). Until somebody wakes it, or it is over.
 *   <dt>let go
 *   <dd>to forget what counts no more, so that an idle key costs no memory ({@link Roster}).
 *   <dt>mark
 *   <dd>the key by which a Redis that remembers is told from one that forgot ({@link RedisEpoch}); in a Cluster each slot has
 *       one too ({@link SlotMarks}).
 *   <dt>pause
 *   <dd>the time during which no replica grants, since what Redis holds cannot be believed: a period, unless {@link Repayment}
 *       ends it earlier. Of a hold or a rest: how long it is.
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
package io.ghlgateway.limits;

import org.jspecify.annotations.NullMarked;
