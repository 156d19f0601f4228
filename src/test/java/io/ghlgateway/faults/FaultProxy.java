package io.ghlgateway.faults;

import io.ghlgateway.limits.Await;
import io.ghlgateway.redis.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Stands between two processes of this machine, and does to their connections what networks do. It passes all bytes on as
 * they come until it is told otherwise. Any thread may call; what it is told is in force for connections that are open, too.
 */
public final class FaultProxy implements AutoCloseable {

    private static final LongSupplier NEVER = () -> Long.MAX_VALUE;
    private static final int AT_ONCE = 16 * 1024;

    private final int port = FreePorts.next();
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;
    private volatile Thread accepting;
    private volatile long delayNanos;
    private volatile boolean stalled;
    private volatile LongSupplier cutAnswers = NEVER;
    private volatile LongSupplier cutRequests = NEVER;
    private volatile Consumer<byte[]> answers = bytes -> {};

    /** Before the server at this port, which need not be there yet. */
    public FaultProxy(int target) {
        this.target = target;
        connect();
    }

    public int port() {
        return port;
    }

    /** Takes connections, as it does from the beginning. */
    public void connect() {
        try {
            var mine = new ServerSocket();
            mine.setReuseAddress(true);
            mine.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
            listener = mine;
            accepting = daemon("accepts", () -> accept(mine));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those who connect are refused, until {@link #connect}; those who are connected are reset. */
    public void refuse() {
        quietly(listener::close);
        ended(accepting); // until then the kernel goes on to take connections for the call that waits for them
        reset();
    }

    /** All bytes come so much later, either way. */
    public void delay(Duration time) {
        delayNanos = time.toNanos();
    }

    /** Nothing passes any more, either way, and nobody is told. */
    public void stall() {
        stalled = true;
    }

    /** What was stalled goes on. */
    public void flow() {
        stalled = false;
    }

    /** Every connection breaks off, which both ends are told at once (RST). */
    public void reset() {
        links.forEach(Link::reset);
    }

    /** @param bytes after how many of the server's a connection breaks off, asked anew for each that is opened from now on */
    public void cutAfter(LongSupplier bytes) {
        cutAnswers = bytes;
        reset();
    }

    /** @param bytes the same, of the client's */
    public void cutRequestsAfter(LongSupplier bytes) {
        cutRequests = bytes;
        reset();
    }

    public void cutNoMore() {
        cutAnswers = NEVER;
        cutRequests = NEVER;
    }

    /** What the server says is shown to this before it is passed on. */
    public void watch(Consumer<byte[]> look) {
        answers = look;
    }

    /** How many connections it holds. */
    public int open() {
        return links.size();
    }

    private void accept(ServerSocket mine) {
        while (!mine.isClosed()) {
            try {
                var from = mine.accept();
                try {
                    new Link(from, new Socket(InetAddress.getLoopbackAddress(), target)).start();
                } catch (IOException nobody) {
                    abort(from); // as a port without a listener answers, or nearly
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        refuse();
        Await.until(links::isEmpty);
    }

    private static Thread daemon(String name, Runnable work) {
        var thread = new Thread(work, "fault-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void ended(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void abort(Socket socket) {
        quietly(() -> socket.setSoLinger(true, 0));
        quietly(socket::close);
    }

    private static void quietly(Closing closing) {
        try {
            closing.run();
        } catch (IOException gone) {
            // which is what was wanted
        }
    }

    private interface Closing {
        void run() throws IOException;
    }

    /** Two sockets, and a thread for each direction. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private final long mostAnswered = cutAnswers.getAsLong();
        private final long mostAsked = cutRequests.getAsLong();
        private volatile boolean over;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() throws IOException {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            links.add(this);
            daemon("asks", () -> pass(client, server, mostAsked, bytes -> {}));
            daemon("answers", () -> pass(server, client, mostAnswered, bytes -> answers.accept(bytes)));
        }

        private void pass(Socket from, Socket to, long most, Consumer<byte[]> look) {
            try (var in = from.getInputStream()) {
                var out = to.getOutputStream();
                long left = most;
                for (var bytes = next(in); bytes.length > 0; bytes = next(in)) {
                    hold();
                    look.accept(bytes);
                    out.write(bytes, 0, (int) Math.min(left, bytes.length));
                    left -= bytes.length;
                    if (left <= 0) {
                        reset();
                        return;
                    }
                }
                hold(); // also of the end nobody hears while it is stalled
            } catch (IOException broken) {
                reset();
                return;
            }
            end();
        }

        private byte[] next(InputStream in) throws IOException {
            var buffer = new byte[AT_ONCE];
            int count = in.read(buffer);
            return count <= 0 ? new byte[0] : java.util.Arrays.copyOf(buffer, count);
        }

        private void hold() {
            long delay = delayNanos;
            if (delay > 0) {
                LockSupport.parkNanos(delay);
            }
            while (stalled && !over) {
                LockSupport.parkNanos(5_000_000);
            }
        }

        /** Either side's end is the end: HTTP and Redis know no half-open connections. */
        private void end() {
            over = true;
            links.remove(this);
            quietly(client::close);
            quietly(server::close);
        }

        void reset() {
            over = true;
            links.remove(this);
            abort(client);
            abort(server);
        }
    }
}
