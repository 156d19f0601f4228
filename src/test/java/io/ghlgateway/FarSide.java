package io.ghlgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;

/** An upstream that the test itself plays, connection by connection and byte by byte. */
final class FarSide implements AutoCloseable {

    private static final int BOUND_MILLIS = 60_000;
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener;

    private FarSide(ServerSocket listener) {
        this.listener = listener;
    }

    static FarSide open() {
        try {
            var listener = new ServerSocket();
            listener.setReceiveBufferSize(BUFFER); // so that what is not read soon stays with its sender
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            listener.setSoTimeout(BOUND_MILLIS);
            return new FarSide(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next connection that the gateway makes. */
    Wire accept() {
        try {
            return Wire.over(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
