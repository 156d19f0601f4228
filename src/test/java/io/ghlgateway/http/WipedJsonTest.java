package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.util.BufferRecycler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WipedJsonTest {

    private static final String SECRET = "pit-canary-4be1c9";

    private final WipedJson json = new WipedJson();
    private final JacksonCodec vertx = new JacksonCodec();

    @Test
    void isWhatVertxUses() {
        assertThat(Json.CODEC).isInstanceOf(WipedJson.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesAsVertxDoes(boolean pretty) {
        var value = new JsonObject()
                .put("text", "é 😀 \" \\ \n </script>")
                .put("bytes", new byte[] {1, 2, 3})
                .put("time", Instant.EPOCH)
                .put("numbers", new JsonArray().add(1).add(2.5).add(Long.MAX_VALUE))
                .putNull("nothing")
                .put("long", "x".repeat(100_000));

        assertThat(json.toString(value, pretty)).isEqualTo(vertx.toString(value, pretty));
        assertThat(json.toBuffer(value, pretty)).isEqualTo(vertx.toBuffer(value, pretty));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": [1, 2.5, null, true, \"é 😀\"]} ",
                "[]",
                "null",
                "\"text\"",
                "12",
                "/* said */ {}",
                "",
                "{",
                "{} {}",
                "{\"a\": }",
                "[1,]",
                "{\"a\": 1, \"a\": 2}"
            })
    void readsAsVertxDoes(String text) {
        assertThat(read(json, text)).isEqualTo(read(vertx, text));
    }

    private static String read(JacksonCodec codec, String text) {
        return told(() -> codec.fromString(text)) + "\n" + told(() -> codec.fromBuffer(Buffer.buffer(text)));
    }

    private interface Reading {
        Object read();
    }

    private static String told(Reading reading) {
        try {
            return String.valueOf(reading.read());
        } catch (DecodeException e) {
            return "refused"; // in words that differ with how the bytes are read
        }
    }

    @Test
    void leavesNothingInTheBuffersOfItsThread() {
        var object = new JsonObject("{\"token\": \"" + SECRET + "\", \"" + SECRET + "\": 1}");
        new JsonObject(Buffer.buffer(object.encode()));
        object.toBuffer();
        assertThatThrownBy(() -> new JsonObject("{\"token\": \"" + SECRET + "\", ["))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> new JsonObject(Buffer.buffer("{\"" + SECRET + "\" [")))
                .isInstanceOf(DecodeException.class);

        var buffers = WipedBuffers.POOL.acquirePooled();
        assertThat(IntStream.rangeClosed(0, BufferRecycler.BYTE_BASE64_CODEC_BUFFER)
                        .mapToObj(buffers::allocByteBuffer)
                        .map(String::new))
                .allMatch(text -> text.isBlank() || text.chars().allMatch(c -> c == 0));
        assertThat(IntStream.rangeClosed(0, BufferRecycler.CHAR_NAME_COPY_BUFFER)
                        .mapToObj(buffers::allocCharBuffer)
                        .map(String::new))
                .allMatch(text -> text.chars().allMatch(c -> c == 0));
    }
}
