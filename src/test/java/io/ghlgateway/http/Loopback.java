package io.ghlgateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** A server of bare connections on a free port of this machine, with a thread for each. */
public final class Loopback implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final ServerSocket listener;

    /** What is done with a connection, which is nobody else's to close; when it fails the other side has let go. */
    public interface Service {
        void serve(Socket connection) throws IOException;
    }

    public Loopback(Service service) {
        try {
            listener = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background(() -> {
            while (true) {
                var connection = listener.accept(); // until it is closed
                background(() -> service.serve(connection));
            }
        });
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Something that may end with the connection it works on. */
    public interface Work {
        void run() throws IOException;
    }

    public static void background(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // by either side
                    }
                },
                "loopback");
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
