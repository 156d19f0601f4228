package io.ghlgateway.dispatch;

/**
 * How urgent a call is to its caller, among all that wait in the same lane (RFC 9218, section 4.1).
 *
 * @param level 0 to 7; the lower goes first
 */
public record Urgency(int level) {

    /** What RFC 9218 takes a request for that does not say. */
    public static final Urgency UNSAID = new Urgency(3);

    static final int LEVELS = 8;

    /** More urgent than what is not said to be. */
    static final int INTERACTIVE_LEVELS = 3;

    public Urgency {
        if (level < 0 || level >= LEVELS) {
            throw new IllegalArgumentException("an urgency is 0 to 7: " + level);
        }
    }

    /** Whether somebody is waiting for it: the class that a part of each quota may be reserved for. */
    boolean isInteractive() {
        return level < INTERACTIVE_LEVELS;
    }
}
