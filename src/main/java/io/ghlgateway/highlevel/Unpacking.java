package io.ghlgateway.highlevel;

import io.airlift.compress.zstd.ZstdInputStream;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/** Unpacks what is small, in the codings that callers ask HighLevel for. */
final class Unpacking {

    @FunctionalInterface
    private interface Coding {
        InputStream unpack(InputStream packed) throws IOException;
    }

    private static final Map<String, Coding> CODINGS = Map.of(
            "gzip", GZIPInputStream::new,
            "x-gzip", GZIPInputStream::new,
            "deflate", InflaterInputStream::new,
            "br", BrotliInputStream::new,
            "zstd", ZstdInputStream::new);

    private Unpacking() {}

    static boolean knows(String coding) {
        return CODINGS.containsKey(coding.toLowerCase(Locale.ROOT));
    }

    /** @return empty if it is not packed so, or longer than {@code most} when unpacked */
    static Optional<Buffer> atMost(int most, String coding, Buffer packed) {
        try (var in =
                CODINGS.get(coding.toLowerCase(Locale.ROOT)).unpack(new ByteArrayInputStream(packed.getBytes()))) {
            byte[] plain = in.readNBytes(most + 1);
            return plain.length > most ? Optional.empty() : Optional.of(Buffer.buffer(plain));
        } catch (IOException | RuntimeException notPackedSo) { // what is malformed makes some of them throw either
            return Optional.empty();
        }
    }
}
