package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that were damaged on the way: whatever became of them, unpacking says so by giving nothing, or something else. */
class UnpackingTest {

    private static final int MOST = 4_096;

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            gzip, H4sIAAAAAAAAA6tWKi5JLClVsjIxMNRRyk0tLk5MT1WyUvLMK0vMyUxR8AoPUdJRSi0qyi9SslIKzUssLcnIL8qsSk1RqgUAQSlBlkEAAAA=
            deflate, eJyrViouSSwpLXbOT0lVsjIxMNRRyk0tLk5MT1WyUvLMK0vMyUxR8AoPUdJRSi0qyi9SslIKzUssLcnIL8qsSk1RqlUgEgAAnb4a9A==
            br, G2gAYK0KeHNcxOIuNQVjP4kpGaHSG0SEam+yxChVUlXp9JUITbpdwYBDDpQOEnBiYQu9uMEGnFAcBO+HDBBjIRMs0X5Rueg2uAA=
            zstd, KLUv/SRpVQIAJAR7InN0YXR1c0NvZGUiOjQwMSwibWVzc2FnZSI6IkludmFsaWQgSldUIiwiZXJyb3IiOiJVbmF1dGhvcml6ZWQifSABAIISRAHGlVaR
            zstd, KLUv/aBADQMAVAAAECAgAQD7/znAAgNqCCA=
            """)
    void noDamagedByteAndNoMissingEndMakesItThrow(String coding, String base64) {
        var whole = Base64.getDecoder().decode(base64);
        for (int at = 0; at < whole.length; at++) {
            for (int flip = 1; flip < 256; flip += 6) {
                var damaged = whole.clone();
                damaged[at] ^= (byte) flip;
                unpacks(coding, damaged);
            }
            unpacks(coding, Arrays.copyOf(whole, at));
        }
    }

    private static void unpacks(String coding, byte[] packed) {
        assertThatCode(() -> Unpacking.atMost(MOST, coding, Buffer.buffer(packed)))
                .as(Base64.getEncoder().encodeToString(packed))
                .doesNotThrowAnyException();
    }
}
