package io.ghlgateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.json.JsonCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;

/**
 * Vert.x's JSON with {@link WipedBuffers}, and else as it is. Found by Vert.x as a service, for all of its JSON: the
 * buffers of its own codec cannot be set.
 */
public final class WipedJson extends JacksonCodec implements io.vertx.core.spi.JsonFactory {

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
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

    private static <T> T read(Callable<JsonParser> parser, Class<T> type) {
        try {
            return fromParser(parser.call(), type);
        } catch (DecodeException e) {
            throw e;
        } catch (Exception e) {
            throw new DecodeException("Failed to decode: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString(Object value, boolean pretty) {
        return toBuffer(value, pretty).toString();
    }

    @Override
    public Buffer toBuffer(Object value, boolean pretty) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = JACKSON.createGenerator(bytes)) {
            if (pretty) {
                generator.useDefaultPrettyPrinter();
            }
            encodeJson(value, generator);
        } catch (IOException e) {
            throw new EncodeException(e.getMessage(), e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
