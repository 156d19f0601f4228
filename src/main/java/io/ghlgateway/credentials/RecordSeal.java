package io.ghlgateway.credentials;

/** Encrypts and decrypts records; a ciphertext is bound to its record's name and generation. Any thread. */
interface RecordSeal {

    Sealed seal(RecordName name, long generation, byte[] plain);

    /** @throws Unreadable if none of the keys fits, or the ciphertext is another record's */
    byte[] open(Sealed sealed) throws Unreadable;

    /** Whether it was encrypted with the key that new records are encrypted with. */
    boolean isCurrent(Sealed sealed);

    /** A record that the keys at hand do not open. */
    final class Unreadable extends Exception {

        private static final long serialVersionUID = 1;

        /** @param message names the record and the key, never what it holds */
        Unreadable(String message) {
            super(message, null, false, false);
        }
    }
}
