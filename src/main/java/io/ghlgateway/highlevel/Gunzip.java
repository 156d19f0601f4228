package io.ghlgateway.highlevel;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Unpacks what is small. */
final class Gunzip {

    private Gunzip() {}

    /** @return empty if it is not gzip, or longer than {@code most} when unpacked */
    static Optional<Buffer> atMost(int most, Buffer packed) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.getBytes()))) {
            byte[] plain = in.readNBytes(most + 1);
            return plain.length > most ? Optional.empty() : Optional.of(Buffer.buffer(plain));
        } catch (IOException notGzip) {
            return Optional.empty();
        }
    }
}
