package io.ghlgateway.edge;

import java.util.concurrent.atomic.AtomicLong;

/** What the request bodies that are kept may take of memory, in the whole process. Any thread. */
public final class BodyMemory {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** @param most in bytes */
    public BodyMemory(long most) {
        this.most = most;
    }

    /** Takes so many bytes, or says that they are not there. What was taken must be {@link #release released}. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        taken.addAndGet(-bytes);
    }
}
