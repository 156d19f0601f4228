package io.ghlgateway.limits;

/**
 * How one key's log of sends stood at one moment: enough to tell later how many all replicas sent since.
 *
 * @param quota of which it keeps something back, or nothing
 * @param spent how many were sent in the interval before, or a little earlier than that: see {@link SlidingLog}
 * @param restraint what was kept back
 * @param total how many were sent since the log began
 * @param born which log it was
 */
public record Reading(long quota, long spent, Restraint restraint, long total, long born) {}
