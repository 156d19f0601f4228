package io.ghlgateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.json.JsonCodec;
import java.io.IOException;
import java.io.InputStream;

/**
 * Vert.x's JSON with {@link WipedBuffers}, and else as it is. Found by Vert.x as a service, for all of its JSON: the
 * buffers of its own codec cannot be set.
 */
public final class WipedJson extends JacksonCodec implements io.vertx.core.spi.JsonFactory {

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // a token may stand where a name should
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .recyclerPool(WipedBuffers.POOL)
            .build();

    @Override
    public JsonCodec codec() {
        return this;
    }

    @Override
    public <T> T fromString(String json, Class<T> type) {
        return read(() -> JACKSON.createParser(json), type);
    }

    @Override
    public Object fromString(String json) {
        return fromString(json, Object.class);
    }

    @Override
    public <T> T fromBuffer(Buffer json, Class<T> type) {
        return read(
                () -> JACKSON.createParser((InputStream) new ByteBufInputStream(((BufferInternal) json).getByteBuf())),
                type);
    }

    @Override
    public Object fromBuffer(Buffer json) {
        return fromBuffer(json, Object.class);
    }

    private static <T> T read(Opening parser, Class<T> type) {
        try {
            return fromParser(parser.open(), type);
        } catch (IOException e) {
            throw new DecodeException("Failed to decode:" + e.getMessage(), e);
        }
    }

    /** Of a parser. */
    private interface Opening {
        JsonParser open() throws IOException;
    }

    @Override
    public String toString(Object value, boolean pretty) {
        var buffers = JACKSON._getBufferRecycler();
        try (var text = new SegmentedStringWriter(buffers)) {
            write(value, JACKSON.createGenerator(text), pretty);
            return text.getAndClear();
        } catch (IOException e) {
            throw new EncodeException(e.getMessage(), e);
        } finally {
            buffers.releaseToPool();
        }
    }

    @Override
    public Buffer toBuffer(Object value, boolean pretty) {
        var buffers = JACKSON._getBufferRecycler();
        try (var bytes = new ByteArrayBuilder(buffers)) {
            write(value, JACKSON.createGenerator(bytes), pretty);
            var json = bytes.toByteArray();
            bytes.release();
            return Buffer.buffer(json);
        } catch (IOException e) {
            throw new EncodeException(e.getMessage(), e);
        } finally {
            buffers.releaseToPool();
        }
    }

    private static void write(Object value, JsonGenerator generator, boolean pretty) throws IOException {
        try (generator) {
            if (pretty) {
                generator.useDefaultPrettyPrinter();
            }
            encodeJson(value, generator);
        }
    }
}
