package io.ghlgateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A bare connection: bytes out, bytes in, as they are. A read that lasts too long fails. */
final class Wire implements AutoCloseable {

    private static final int BOUND_MILLIS = 60_000;

    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    static Wire open(int port) {
        try {
            return over(new Socket("127.0.0.1", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Wire over(Socket socket) throws IOException {
        socket.setSoTimeout(BOUND_MILLIS);
        return new Wire(socket);
    }

    /** @param text line ends as {@code \n} are sent as HTTP's */
    Wire send(String text) {
        return sendBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire sendBytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer's head: status line and header fields, line ends as {@code \n}. */
    String head() {
        var read = new StringBuilder();
        try {
            while (read.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("the connection ended in the head: " + read);
                }
                read.append((char) next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after: " + read, e);
        }
        return read.toString().replace("\r\n", "\n");
    }

    /** So many bytes of a body. */
    String read(int bytes) {
        return new String(readBytes(bytes), StandardCharsets.UTF_8);
    }

    byte[] readBytes(int bytes) {
        try {
            var read = socket.getInputStream().readNBytes(bytes);
            if (read.length < bytes) {
                throw new AssertionError("the connection ended after " + read.length + " of " + bytes + " bytes");
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A chunked body, put together; as many bytes as it has, and not one more, are read. */
    byte[] chunks() {
        var body = new ByteArrayOutputStream();
        while (true) {
            var chunk = chunk();
            if (chunk.length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(chunk);
        }
    }

    /** The next chunk of a body; empty is the end. */
    byte[] chunk() {
        var size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            size.append((char) readBytes(1)[0]);
        }
        var data = readBytes(Integer.parseInt(size.toString().trim(), 16));
        readBytes(2);
        return data;
    }

    /** Nothing more is sent. */
    Wire end() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All until the other side closes, or cuts the connection. */
    String rest() {
        var read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException cut) {
            return read.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("after: " + read, e);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
