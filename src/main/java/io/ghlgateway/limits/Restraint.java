package io.ghlgateway.limits;

/**
 * What is kept back of a key's short window, though the quota would allow it.
 *
 * @param foreign how many of the quota's requests are left to others who spend it too; zero or more
 * @param allowance how many may be sent at once, beyond which they are spread evenly; {@link #UNBOUND} when all
 */
public record Restraint(int foreign, int allowance) {

    /** No bound on what is sent at once. */
    public static final int UNBOUND = Integer.MAX_VALUE;

    public static final Restraint NONE = new Restraint(0, UNBOUND);

    /** As a log in bytes tells it. @param allowance zero where there is no bound */
    public static Restraint written(int foreign, int allowance) {
        return new Restraint(foreign, allowance == 0 ? UNBOUND : allowance);
    }

    /** What the quota's other spenders leave of it; one at least, or nothing would ever tell that they are gone. */
    long requests(long quota) {
        return Math.max(1, quota - foreign);
    }

    /** Whether there is a bound on what is sent at once. */
    public boolean isPaced() {
        return allowance != UNBOUND;
    }

    /**
     * After an unexpected 429: half of what could be sent at once, or of what was, where that is less (as TCP does with its
     * flight size, RFC 5681 section 3.1).
     *
     * @param sent around the one that was refused
     */
    Restraint halved(int quota, int sent) {
        int least = Math.max(1, quota / 50);
        int most = Math.min(allowance, quota);
        return new Restraint(foreign, Math.max(least, Math.min(most, sent) / 2));
    }

    /** A hundredth of the quota more at once, or no bound any more. */
    Restraint restored(int quota) {
        if (!isPaced()) {
            return this;
        }
        int next = allowance + Math.max(1, quota / 100);
        return new Restraint(foreign, next >= quota ? UNBOUND : next);
    }

    public Restraint leaving(int others) {
        return new Restraint(others, allowance);
    }
}
