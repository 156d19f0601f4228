package io.ghlgateway.limits;

import io.vertx.core.Future;

/**
 * What one key's short window still gives, by its latest payments. Any thread may call; futures complete on any thread, and
 * fail when the log's keeper did not answer.
 */
public interface WindowLog {

    /**
     * Pays for as many of {@code wanted} as the window gives, for good, and tells how it stood thereafter. In one step.
     *
     * @param wanted at least 1
     */
    Future<Payment> pay(int wanted);

    /**
     * When the send at {@code position} could be paid for if nobody else sent any.
     *
     * @param position at least 1; may be more than the window gives
     * @param idle for how long from now none is sent though the window may give some, in nanoseconds
     */
    Future<Outlook> outlook(long position, long idle);

    /**
     * Goes on under another quota, of which nothing is kept back; what was sent stays sent. In one step, and without effect
     * under that quota already, so that any number of replicas may ask for it.
     */
    Future<Void> become(Limit next);

    /** Lets go of what a log in which nothing counts any more need not keep. True when nothing is left to let go of. */
    boolean letGo();
}
