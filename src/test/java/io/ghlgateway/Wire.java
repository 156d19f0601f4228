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
            var socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(BOUND_MILLIS);
            return new Wire(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            var read = socket.getInputStream().readNBytes(bytes);
            if (read.length < bytes) {
                throw new AssertionError("the connection ended after " + read.length + " of " + bytes + " bytes");
            }
            return new String(read, StandardCharsets.UTF_8);
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
