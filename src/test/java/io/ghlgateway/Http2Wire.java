package io.ghlgateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A bare connection that speaks HTTP/2 frame by frame, as no well-behaved client would. */
final class Http2Wire implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int PRIORITY = 0x20;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    /** @param status 0 where the stream, or the connection, was ended instead */
    record Ending(int status, int type, Http2Headers headers) {}

    private Http2Wire(Wire wire) {
        this.wire = wire;
    }

    static Http2Wire open(int port) {
        var opened = new Http2Wire(Wire.open(port));
        opened.wire.sendBytes(PREFACE);
        return opened.frame(SETTINGS, 0, 0, new byte[0]);
    }

    Http2Wire frame(int type, int flags, int stream, byte[] payload) {
        return bytes(bytes(type, flags, stream, payload));
    }

    /** Frames, as {@link #bytes(int, int, int, byte[])} makes them. Of a flood the end may be in vain. */
    Http2Wire bytes(byte[] frames) {
        wire.sendBytes(frames);
        return this;
    }

    /** Whether the connection ends though these were not sent so many times over, and nothing was read. */
    boolean endsWhileSending(int times, byte[] frames) {
        try {
            for (int i = 0; i < times; i++) {
                wire.sendBytes(frames);
            }
            return false;
        } catch (UncheckedIOException ended) {
            return true;
        }
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        var frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return frame.array();
    }

    /** Each as a literal that nobody keeps (RFC 7541, section 6.2.2). */
    static byte[] block(String... namesAndValues) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            literal(namesAndValues[i], block);
            literal(namesAndValues[i + 1], block);
        }
        return block.toByteArray();
    }

    private static void literal(String text, ByteArrayOutputStream block) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write(rest & 0x7f | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** How this stream ended, or the whole connection before it. */
    Ending ending(int stream) {
        try {
            while (true) {
                var head = ByteBuffer.wrap(wire.readBytes(9));
                int length = (head.get() & 0xff) << 16 | head.getShort() & 0xffff;
                int type = head.get();
                int flags = head.get();
                int of = head.getInt();
                var payload = wire.readBytes(length);
                if (type == HEADERS && of == stream) {
                    int fields = (flags & PRIORITY) == 0 ? 0 : 5;
                    var headers = decoder.decodeHeaders(of, Unpooled.wrappedBuffer(payload, fields, length - fields));
                    return new Ending(Integer.parseInt(headers.status().toString()), type, headers);
                }
                if (type == GOAWAY || type == RST_STREAM && of == stream) {
                    return new Ending(0, type, null);
                }
            }
        } catch (UncheckedIOException | AssertionError ended) {
            return new Ending(0, GOAWAY, null); // without a word, or with one that was lost
        } catch (Http2Exception unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
