package io.ghlgateway;

import io.ghlgateway.http.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A wire between a gateway and its upstream that overhears all that passes, both ways. */
final class Tap implements AutoCloseable {

    private final Loopback listener;
    private final URI behind;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Tap(URI behind) {
        this.behind = behind;
        listener = new Loopback(this::join);
    }

    String url() {
        return listener.uri().toString();
    }

    /** What passed so far. */
    String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    private void join(Socket near) throws IOException {
        var far = new Socket(behind.getHost(), behind.getPort());
        Loopback.background(() -> pass(far, near));
        pass(near, far);
    }

    /** Until either side cuts it; both are closed then. */
    private void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var piece = new byte[1 << 14];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                heard.write(piece, 0, length); // synchronized in itself
                out.write(piece, 0, length);
            }
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
