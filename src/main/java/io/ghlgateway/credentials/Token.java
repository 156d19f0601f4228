package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.Secret;

/**
 * A HighLevel access token.
 *
 * @param bearer what stands after {@code Authorization: Bearer}
 */
public record Token(Kind kind, Secret bearer) {

    /** HighLevel's kinds of token. */
    public enum Kind {
        /** Made by hand in HighLevel, opaque, good until it is rotated or deleted. */
        PRIVATE,
        /** Of an app installed at an agency. */
        COMPANY,
        /** Of an app at a location, where it was installed itself or by its agency. */
        LOCATION
    }
}
