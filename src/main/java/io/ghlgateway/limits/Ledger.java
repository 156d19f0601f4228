package io.ghlgateway.limits;

/** Where one key's spends outlive the process, so that the next one does not grant them again. */
public interface Ledger {

    /** Keeps nothing. */
    Ledger NONE = new Ledger() {};

    /** Asked when a full bucket is made: what to charge it with for processes before this one. */
    default Past past() {
        return Past.NOTHING;
    }

    /** Told before a grant is handed out. */
    default void spending(int sends) {}

    /**
     * @param spent how many sends, of which the latest may have been at {@code asOfNanos}, epoch nanoseconds
     */
    record Past(long spent, long asOfNanos) {

        static final Past NOTHING = new Past(0, 0);
    }
}
