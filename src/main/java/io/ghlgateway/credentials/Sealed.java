package io.ghlgateway.credentials;

import java.util.Arrays;

/**
 * A record as it is kept: encrypted, with its name and generation outside, to which the ciphertext is bound.
 *
 * @param generation grows by one with each change; a store never replaces a record by one of a lower or the same
 * @param bytes ciphertext; not to be changed
 */
public record Sealed(RecordName name, long generation, byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Sealed sealed
                && name.equals(sealed.name)
                && generation == sealed.generation
                && Arrays.equals(bytes, sealed.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Long.hashCode(generation);
    }

    @Override
    public String toString() {
        return name + "#" + generation + " (" + bytes.length + " bytes)";
    }
}
