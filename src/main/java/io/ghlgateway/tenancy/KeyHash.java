package io.ghlgateway.tenancy;

import io.ghlgateway.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What is kept of a caller's key: the SHA-256 of its UTF-8 text. Equal keys have equal hashes, so it serves as a map's
 * key; its own comparison takes the same time wherever the two differ.
 *
 * @param bytes the 32 bytes; copied in and out
 */
public record KeyHash(byte[] bytes) {

    private static final int LENGTH = 32;

    /** To look one up among the platform's providers takes longer than to use it, which leaves it as it was. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Sha256::begin);

    public KeyHash {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a SHA-256 has " + LENGTH + " bytes, not " + bytes.length);
        }
        bytes = bytes.clone();
    }

    public static KeyHash of(Secret key) {
        return of(key.reveal());
    }

    /** @param presented what a request came with, which is nobody's key yet */
    public static KeyHash of(String presented) {
        var sha256 = SHA_256.get();
        var hash = new KeyHash(sha256.digest(presented.getBytes(StandardCharsets.UTF_8)));
        sha256.reset(); // it would keep the end of the text until it is used again
        return hash;
    }

    /** @param hex 64 hexadecimal digits, in either case */
    public static KeyHash ofHex(String hex) {
        return new KeyHash(HexFormat.of().parseHex(hex));
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Says nothing: the hash of a weak key is as good as the key. */
    @Override
    public String toString() {
        return "sha256:***";
    }
}
