/**
 * The story of a request: wait for a turn, take a token and a connection, pay, send, settle, judge, and answer or go
 * round again. Knows nothing of how callers reach us or how things are counted.
 *
 * <p>Words of this package:
 *
 * <dl>
 *   <dt>call
 *   <dd>one request of a caller's, from its arrival to its answer, whatever it takes ({@link Call}). Each time that it is sent, or
 *       might have been, is an <i>attempt</i>.
 *   <dt>lane, line
 *   <dd>the queue before one budget ({@link Lane}), and who stands in it, in which order ({@link Line}).
 *   <dt>turn
 *   <dd>leave to fetch a token and a connection, given in the order of the line for as many as can likely be paid
 *       ({@link Belief}). Nothing is paid for yet.
 *   <dt>permit
 *   <dd>one paid send ({@link Permit}). Between payment and use it is in the lane's {@link Till}.
 *   <dt>toll
 *   <dd>what a call has of its caller's own quota, where that has one ({@link Toll}); {@link Gate} is where it waits for that.
 *   <dt>token
 *   <dd>HighLevel's, that a call is sent with. Not the unit of a quota: that is a permit here.
 *   <dt>patience, deadline
 *   <dd>for how long a caller waits, and when that is over ({@link Deadline}). One that is impatient does not wait at all.
 *   <dt>gone
 *   <dd>of a caller: it hung up. Of a call that is withdrawn somebody else did so, an operator say.
 * </dl>
 */
@NullMarked
package io.ghlgateway.dispatch;

import org.jspecify.annotations.NullMarked;
