package io.ghlgateway.credentials;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import io.ghlgateway.tenancy.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Seals records and opens them, AES-256-GCM under the keys of one keyset: it seals with the primary and opens with any.
 * A ciphertext is bound to its record's name and generation, so that none can stand in for another or be rolled back
 * unseen. To bring a record under a newer key, write the same content again at the next generation. Any thread.
 */
public final class RecordCipher implements RecordSeal {
    /*
     * The associated data is "kind/id#generation". Tink puts five bytes before each ciphertext: a 1, then the key's id,
     * big endian; that is where keyOf reads it.
     */

    private static final byte TINK_PREFIX = 1;
    private static final int PREFIX_LENGTH = 5;
    private static final int KEY_BYTES = 32;

    private final KeysetHandle keys;
    private final Aead aead;

    private RecordCipher(KeysetHandle keys, Aead aead) {
        this.keys = keys;
        this.aead = aead;
    }

    /**
     * @param keyset as {@link #newKeyset} makes them
     * @throws IllegalArgumentException when it is none; its message holds nothing of it
     */
    public static RecordCipher of(Secret keyset) {
        var keys = Keysets.read(keyset);
        for (int i = 0; i < keys.size(); i++) {
            var entry = keys.getAt(i);
            if (!(entry.getKey() instanceof AesGcmKey key)
                    || key.getParameters().getKeySizeBytes() != KEY_BYTES
                    || key.getParameters().getVariant() != AesGcmParameters.Variant.TINK) {
                throw new IllegalArgumentException(
                        "key " + text(entry.getId()) + " of the keyset is not an AES-256-GCM key with a TINK prefix");
            }
        }
        try {
            return new RecordCipher(keys, keys.getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the keyset cannot be used: " + e.getClass().getSimpleName());
        }
    }

    /** Whether {@link #of} would take it. */
    public static boolean takes(Secret keyset) {
        try {
            of(keyset);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    /** A keyset with one new key: one printable line without blanks. */
    public static Secret newKeyset() {
        return Keysets.made();
    }

    /**
     * The same keyset with a new primary; the old keys go on opening what they sealed.
     *
     * @throws IllegalArgumentException when it is no keyset
     */
    public static Secret rotated(Secret keyset) {
        return Keysets.rotated(keyset);
    }

    @Override
    public Sealed seal(RecordName name, long generation, byte[] plain) {
        try {
            return new Sealed(name, generation, aead.encrypt(plain, binding(name, generation)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to seal " + name, e);
        }
    }

    @Override
    public byte[] open(Sealed sealed) throws Unreadable {
        try {
            return aead.decrypt(sealed.bytes(), binding(sealed.name(), sealed.generation()));
        } catch (GeneralSecurityException e) {
            throw new Unreadable(sealed, keyOf(sealed), knows(keyOf(sealed)));
        }
    }

    @Override
    public boolean isCurrent(Sealed sealed) {
        return keyOf(sealed) == primaryKey();
    }

    /** Which key a record was sealed with, or zero when it bears no key's id. */
    public static int keyOf(Sealed sealed) {
        var bytes = sealed.bytes();
        return bytes.length > PREFIX_LENGTH && bytes[0] == TINK_PREFIX
                ? ByteBuffer.wrap(bytes).getInt(1)
                : 0;
    }

    /** Which key records are sealed with now. */
    public int primaryKey() {
        return keys.getPrimary().getId();
    }

    private boolean knows(int key) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.getAt(i).getId() == key) {
                return true;
            }
        }
        return false;
    }

    private static byte[] binding(RecordName name, long generation) {
        return (name + "#" + generation).getBytes(StandardCharsets.UTF_8);
    }

    /** As Tink's own tools show it. */
    private static String text(int key) {
        return Integer.toUnsignedString(key);
    }

    /** A record that does not open; says which and under which key, never what it holds. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1;

        private Unreadable(Sealed sealed, int key, boolean known) {
            super(sealed.name() + "#" + sealed.generation() + why(key, known), null, false, false);
        }

        private static String why(int key, boolean known) {
            if (key == 0) {
                return " is damaged: it names no key";
            }
            return known
                    ? " was sealed with key " + text(key) + " of the keyset, but as another record, or it is damaged"
                    : " was sealed with key " + text(key) + ", which the keyset does not hold";
        }
    }
}
