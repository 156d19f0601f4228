package io.ghlgateway.highlevel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the files about HighLevel that ship with the gateway, beside this class. Blocks. */
final class Shipped {

    private Shipped() {}

    /** @throws IllegalStateException if there is no such file */
    static String text(String name) {
        try (var stream = Shipped.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
