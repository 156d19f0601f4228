package io.ghlgateway;

import io.ghlgateway.http.Loopback;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An upstream that keeps what it is asked, byte for byte, and keeps its connections. It answers 200 with {@code {}}, or
 * stands before another, which gets the same bytes and answers.
 */
final class RecordingUpstream implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final Optional<URI> behind;
    private final Loopback listener;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** One request as it came; {@code fields} are the header lines in order. */
    record Received(String requestLine, List<String> fields, byte[] body) {

        /** The values of this field, in order; the name in any case. */
        List<String> values(String name) {
            return fields.stream()
                    .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(field -> field.substring(name.length() + 1).trim())
                    .toList();
        }
    }

    RecordingUpstream() {
        this(Optional.empty());
    }

    /** @param behind who answers */
    static RecordingUpstream before(URI behind) {
        return new RecordingUpstream(Optional.of(behind));
    }

    private RecordingUpstream(Optional<URI> behind) {
        this.behind = behind;
        listener = new Loopback(this::serve);
    }

    URI uri() {
        return listener.uri();
    }

    /** The next request, in order of arrival. */
    Received next() {
        try {
            var next = received.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many came that nobody asked for yet. */
    int unread() {
        return received.size();
    }

    /** Until the gateway lets go of its connection. */
    private void serve(Socket connection) throws IOException {
        try (connection;
                var answering = behind.isPresent() ? relay(behind.get(), connection) : null) {
            var raw = new ByteArrayOutputStream();
            var in = new BufferedInputStream(new Copying(connection.getInputStream(), raw));
            while (true) {
                var request = read(in);
                received.add(request);
                if (answering == null) {
                    connection.getOutputStream().write(ANSWER);
                } else {
                    raw.writeTo(answering.getOutputStream()); // no pipelining: these are all, and only, this request's
                }
                raw.reset();
            }
        }
    }

    /** A connection to who answers, whose answers go back as they come. */
    private static Socket relay(URI behind, Socket connection) throws IOException {
        var answering = new Socket(behind.getHost(), behind.getPort());
        Loopback.background(() -> {
            try (connection) {
                answering.getInputStream().transferTo(connection.getOutputStream());
            }
        });
        return answering;
    }

    /** What is read is kept, too. */
    private static final class Copying extends FilterInputStream {
        private final ByteArrayOutputStream copy;

        Copying(InputStream in, ByteArrayOutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int count = super.read(into, from, most);
            if (count > 0) {
                copy.write(into, from, count);
            }
            return count;
        }
    }

    private static Received read(InputStream in) throws IOException {
        var requestLine = line(in);
        var fields = new ArrayList<String>();
        for (var field = line(in); !field.isEmpty(); field = line(in)) {
            fields.add(field);
        }
        var head = new Received(requestLine, fields, new byte[0]);
        if (head.values("transfer-encoding").contains("chunked")) {
            var body = new ByteArrayOutputStream();
            for (int size = size(in); size > 0; size = size(in)) {
                body.writeBytes(in.readNBytes(size));
                line(in);
            }
            line(in);
            return new Received(requestLine, fields, body.toByteArray());
        }
        int length = head.values("content-length").stream()
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
        return new Received(requestLine, fields, in.readNBytes(length));
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line must end with CR LF: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() {
        listener.close();
    }
}
