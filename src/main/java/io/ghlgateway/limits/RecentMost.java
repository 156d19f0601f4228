package io.ghlgateway.limits;

/** The most of something in the last intervals, one by one. Not thread-safe. */
final class RecentMost {

    private static final int INTERVALS = 3;

    private final long[] mosts = new long[INTERVALS];
    private long began; // the interval under way

    RecentMost(long now) {
        this.began = now;
    }

    void saw(long count) {
        mosts[0] = Math.max(mosts[0], count);
    }

    long most() {
        long most = 0;
        for (long each : mosts) {
            most = Math.max(most, each);
        }
        return most;
    }

    /** Goes on to the interval of now. @return whether another began */
    boolean roll(long now, long length) {
        boolean rolled = now - began >= length;
        for (int i = 0; now - began >= length && i < INTERVALS; i++) {
            System.arraycopy(mosts, 0, mosts, 1, INTERVALS - 1);
            mosts[0] = 0;
            began += length;
        }
        if (now - began >= length) {
            began = now;
        }
        return rolled;
    }
}
