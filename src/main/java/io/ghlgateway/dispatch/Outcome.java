package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Reply;

/** How a call ended. */
public sealed interface Outcome {

    /** HighLevel answered, and its answer is the caller's. */
    record Answered(Reply reply) implements Outcome {}

    /** The gateway answers itself. */
    record Refused(Refusal refusal) implements Outcome {}

    /** The caller hung up; there is nobody to answer. */
    record CallerGone() implements Outcome {}
}
