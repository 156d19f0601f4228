package io.ghlgateway;

import io.ghlgateway.http.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An upstream that says the same bytes to everybody and closes, and remembers what it was asked: for what no well-behaved
 * server sends, and for what was written to the byte.
 */
final class RawUpstream implements AutoCloseable {

    private final Loopback listener;
    private final byte[] answer;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private RawUpstream(byte[] answer) {
        this.answer = answer;
        this.listener = new Loopback(this::serve);
    }

    /** @param head status line and fields, line ends as {@code \n}, without the empty line */
    static RawUpstream saying(String head, byte[] body) {
        var answer = new ByteArrayOutputStream();
        answer.writeBytes((head.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(body);
        return new RawUpstream(answer.toByteArray());
    }

    static RawUpstream saying(String head, String body) {
        return saying(head, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    URI uri() {
        return listener.uri();
    }

    /** What was asked: request lines and header fields, line ends as {@code \n}. */
    List<String> heads() {
        return heads;
    }

    private void serve(Socket connection) throws IOException {
        try (var caller = connection) {
            heads.add(head(caller.getInputStream()));
            caller.getOutputStream().write(answer);
            caller.shutdownOutput();
            awaitEnd(caller);
        }
    }

    private static String head(InputStream in) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the caller went away");
            }
            read.append((char) next);
        }
        return read.toString().replace("\r\n", "\n");
    }

    /** Closing with bytes unread would take back the answer. */
    private static void awaitEnd(Socket caller) throws IOException {
        caller.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() {
        listener.close();
    }
}
