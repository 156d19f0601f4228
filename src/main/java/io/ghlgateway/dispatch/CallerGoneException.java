package io.ghlgateway.dispatch;

/** The caller hung up while its call waited. */
final class CallerGoneException extends Exception {

    private static final long serialVersionUID = 1;

    CallerGoneException() {
        super("the caller hung up", null, false, false);
    }
}
