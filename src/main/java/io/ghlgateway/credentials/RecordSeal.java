package io.ghlgateway.credentials;

/** Encrypts and decrypts records; a ciphertext is bound to its record's name and generation. Any thread. */
public interface RecordSeal {

    Sealed seal(RecordName name, long generation, byte[] plain);

    /** @throws RecordCipher.Unreadable if none of the keys fits, or the ciphertext is another record's */
    byte[] open(Sealed sealed) throws RecordCipher.Unreadable;

    /** Whether it was encrypted with the key that new records are encrypted with. */
    boolean isCurrent(Sealed sealed);
}
