package io.ghlgateway.simulator.oauth;

import java.time.Duration;

/** An access token and the refresh token that came with it. */
public record TokenPair(
        Installation installation, String accessToken, String refreshToken, String refreshTokenId, Duration life)
        implements Ruling {

    /** Without the tokens. */
    @Override
    public String toString() {
        return "TokenPair[" + installation + " " + refreshTokenId + "]";
    }
}
