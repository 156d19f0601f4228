package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.OAuthApi.Refused;

/** Why there is no new token now. */
final class NotRenewed extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean denied;

    /** @param message for the operator; never holds a token */
    NotRenewed(String message) {
        this(message, false);
    }

    private NotRenewed(String message, boolean denied) {
        super(message, null, false, false);
        this.denied = denied;
    }

    /** A refusal that gets here is that of a mint. */
    static NotRenewed of(Throwable failure) {
        if (failure instanceof NotRenewed known) {
            return known;
        }
        return failure instanceof Refused refused && isDenial(refused) ? denied(failure) : new NotRenewed(why(failure));
    }

    static NotRenewed denied(Throwable failure) {
        return new NotRenewed(why(failure), true);
    }

    private static boolean isDenial(Refused refused) {
        return switch (refused.reason()) {
            case INVALID_GRANT, OTHER -> true;
            case LOCATION_NOT_ACTIVE, TOKEN_INVALID, THROTTLED -> false;
        };
    }

    private static String why(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    /** Whether HighLevel has said that what it would be renewed by opens nothing. */
    boolean isDenied() {
        return denied;
    }
}
