package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;

/** What is written of a token where the token itself must not stand. */
final class Digest {

    private Digest() {}

    /** SHA-256. */
    static byte[] of(Secret token) {
        return KeyHash.of(token).bytes();
    }
}
