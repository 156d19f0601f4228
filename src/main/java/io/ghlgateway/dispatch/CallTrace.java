package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Follows one request from its arrival to its answer, and so tells where its time went. Called on the call's home, in the
 * order in which things happen; each step ends the one before. Implementations return at once and never throw.
 *
 * <p>It travels with its call, not with a thread: a call may wait for another event loop's spend.
 */
public interface CallTrace {

    /** Of a request that nobody follows. Costs nothing. */
    CallTrace NONE = new CallTrace() {};

    /** As W3C Trace Context has it, 32 hexadecimal digits; empty where there is no trace. */
    default String id() {
        return "";
    }

    /** Whose request it is, and for what, is known. */
    default void began(Call call) {}

    /** It takes its place in the line. @param attempt what it waits for, 1 for the first */
    default void waits(int attempt) {}

    /** What stood in the way of the step that ends now. */
    default void met(Obstacle obstacle) {}

    /** It pauses after an attempt that failed, before it takes its place again. */
    default void pauses() {}

    /** Its turn has come, and its token is asked for; it may still be sent back to the line. */
    default void fetchesToken() {}

    /** Its token is there, and a connection is asked for. */
    default void connects() {}

    /** There is a connection, or there will be none. */
    default void connected(@Nullable Throwable failure) {}

    /**
     * It is paid for and is sent.
     *
     * @param exchange of which nothing has been written
     * @param paidAt the monotonic clock reading, in nanoseconds, that it was paid with
     */
    default void sends(Exchange exchange, long paidAt) {}

    /** The attempt ended with a reply's head, or without. */
    default void cameBack(@Nullable Reply head, @Nullable Throwable failure) {}
}
