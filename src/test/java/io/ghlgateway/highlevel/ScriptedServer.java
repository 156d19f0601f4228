package io.ghlgateway.highlevel;

import io.ghlgateway.http.Loopback;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server that reads one request on each connection and does with it what the script says next: for answers that no
 * server means to give.
 */
final class ScriptedServer implements AutoCloseable {

    /** What is done with a connection whose request was read. */
    interface Act {
        void on(Socket connection) throws IOException;
    }

    /** Says this, to the byte, and closes. */
    static Act say(String bytes) {
        return connection -> {
            connection.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            connection.shutdownOutput();
        };
    }

    /** An answer with its length. */
    static Act answer(int status, String type, String body) {
        return say(head(status, type, body.getBytes(StandardCharsets.UTF_8).length) + body);
    }

    static Act json(int status, String body) {
        return answer(status, "application/json", body);
    }

    static String head(int status, String type, int length) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Says nothing, and lets the other side wait. */
    static final Act SILENCE = connection -> {};

    static final Act RESET = connection -> {
        connection.setSoLinger(true, 0);
        connection.close();
    };

    /** A request as it came. */
    record Received(String head, String body) {}

    private final Loopback listener;
    private final Queue<Act> script = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    ScriptedServer() {
        listener = new Loopback(this::serve);
    }

    URI uri() {
        return listener.uri();
    }

    ScriptedServer then(Act act) {
        script.add(act);
        return this;
    }

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

    int unread() {
        return received.size();
    }

    /** Those that were taken, in order; also such as are closed by now. */
    List<Socket> connections() {
        return open;
    }

    private void serve(Socket connection) throws IOException {
        open.add(connection);
        received.add(read(connection.getInputStream()));
        var act = script.poll();
        (act == null ? RESET : act).on(connection);
    }

    private static Received read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                .findFirst()
                .orElse(0);
        return new Received(
                head.toString().replace("\r\n", "\n"), new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        listener.close();
        for (var connection : open) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
