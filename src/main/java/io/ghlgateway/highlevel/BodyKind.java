package io.ghlgateway.highlevel;

/** What an operation's request body is, if it has one. */
public enum BodyKind {
    JSON,
    /** {@code application/x-www-form-urlencoded}. */
    FORM,
    /** {@code multipart/form-data}: an upload, to be streamed and never read. */
    MULTIPART
}
