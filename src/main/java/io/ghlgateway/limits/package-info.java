/**
 * Budgets: how much of HighLevel's quota may be spent now, and when more comes. The short window is an exact log ({@link
 * SlidingLog}), the day a bucket of Bucket4j; here both are in memory, and {@code limits.redis} has what replicas share. Knows
 * of callers what part of a quota each may have, and nothing of queues or sending.
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
 *   <dt>pause
 *   <dd>of a hold or a rest: how long it is.
 * </dl>
 */
@NullMarked
package io.ghlgateway.limits;

import org.jspecify.annotations.NullMarked;
