package io.ghlgateway.simulator.oauth;

/** Why there are no tokens, in HighLevel's words where they are known. */
public enum Denial implements Ruling {
    CODE_INVALID("Invalid grant: authorization code is invalid"),
    CODE_EXPIRED("Invalid grant: authorization code has expired"),
    REDIRECT_URI("Invalid request: redirectUri is invalid"),
    REFRESH_TOKEN_INVALID("Invalid grant: refresh token is invalid"),
    /** Nothing was used up: the same request succeeds once the location is active again. */
    NOT_ACTIVE("Location is not active"),
    FOREIGN_LOCATION("The token does not have access to this location."),
    /** HighLevel's words for it are not known. */
    NOT_INSTALLED("Invalid request: the app is not installed in this location");

    private final String message;

    Denial(String message) {
        this.message = message;
    }

    public String message() {
        return message;
    }
}
