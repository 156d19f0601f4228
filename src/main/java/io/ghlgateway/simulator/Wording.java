package io.ghlgateway.simulator;

/**
 * HighLevel's own refusals by name, for scripts: several of its services say one thing in different words, and 401 has
 * several meanings. The canonical codes are made up; HighLevel's are not known.
 */
enum Wording {
    INVALID_JWT(401, "Invalid JWT", "UNAUTHENTICATED"),
    ACCESS_TOKEN_INVALID(401, "Invalid token: access token is invalid", "UNAUTHENTICATED"),
    PRIVATE_TOKEN_INVALID(401, "Invalid Private Integration token", "UNAUTHENTICATED"),
    SCOPE_MISSING(401, "The token is not authorized for this scope.", "PERMISSION_DENIED"),
    LOCATION_FORBIDDEN(403, "The token does not have access to this location.", "PERMISSION_DENIED"),
    LOCATION_INACCESSIBLE(401, "This location is not accessible from this token!", "PERMISSION_DENIED"),
    FORBIDDEN_RESOURCE(403, "Forbidden resource", "PERMISSION_DENIED"),
    USER_TYPE_UNSUPPORTED(401, "This token's user type is not yet supported!", "PERMISSION_DENIED"),
    /** A parameter is missing. */
    E01(401, "E01 - Unauthorized request", "UNAUTHENTICATED"),
    /** A timeout behind HighLevel's door that looks like a refusal. */
    COMMAND_TIMED_OUT(401, "Command timed out", "DEADLINE_EXCEEDED");

    private final int status;
    private final String message;
    private final String canonicalCode;

    Wording(int status, String message, String canonicalCode) {
        this.status = status;
        this.message = message;
        this.canonicalCode = canonicalCode;
    }

    int status() {
        return status;
    }

    String message() {
        return message;
    }

    String canonicalCode() {
        return canonicalCode;
    }

    /** As scripts write it: {@code command-timed-out}. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
