package io.ghlgateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A wire between a gateway and its upstream that overhears all that passes, both ways. */
final class Tap implements AutoCloseable {

    private final ServerSocket listener;
    private final URI behind;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Tap(URI behind) {
        this.behind = behind;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** What passed so far. */
    String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        while (true) {
            try {
                var near = listener.accept();
                var far = new Socket(behind.getHost(), behind.getPort());
                background(() -> pass(near, far));
                background(() -> pass(far, near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var piece = new byte[1 << 14];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                heard.write(piece, 0, length); // synchronized in itself
                out.write(piece, 0, length);
            }
        } catch (IOException cut) {
            // by either side; both are closed then
        }
    }

    private static void background(Runnable work) {
        var thread = new Thread(work, "tap");
        thread.setDaemon(true);
        thread.start();
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
