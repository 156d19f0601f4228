package io.ghlgateway.limits;

/**
 * What a budget gave.
 *
 * @param granted how many sends are paid for; each must be written before {@code paidAt} + permit-ttl or be given up
 * @param cause why it is fewer than asked, {@link Cause#NONE} when it is not
 * @param paidAt the monotonic clock, in nanoseconds, read before the budget's own clock was read for this spend: the
 *     upstream's window can have moved no further than the time since
 */
public record Spend(int granted, Cause cause, long paidAt) {}
