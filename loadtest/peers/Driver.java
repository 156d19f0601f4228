import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes requests over HTTP/1.1, with so little CPU that what is measured is what answers.
 *
 * <p>Open, a request is made when it is due, whether or not earlier ones were answered, and its latency runs from the
 * moment at which it was due: with no connection free it waits here and that counts. Closed, each connection asks again as
 * soon as it was answered: for the largest throughput, and for nothing else. One thread reads answers, and if open another
 * one sends, for a thread that waits for sockets wakes up to the millisecond only.
 */
final class Driver implements AutoCloseable {

    private static final long SHORT_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50); // for a thread to start
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4); // less than anybody's keep-alive timeout
    private static final long FULL_NANOS = 100_000;

    private static final class Connection {
        final int replica;
        final InetSocketAddress address;
        Message answer = new Message();
        final ByteBuffer out = ByteBuffer.allocateDirect(8 * 1024);
        SocketChannel channel;
        long due;
        long used;
        boolean busy;

        Connection(int replica, InetSocketAddress address) {
            this.replica = replica;
            this.address = address;
        }
    }

    private final Requests requests;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
    private final Object lock = new Object();
    private final List<ArrayDeque<Connection>> free = new ArrayList<>(); // by replica; guarded by lock, as is what follows
    private final SplittableRandom replicas = new SplittableRandom(1);
    private final ArrayDeque<Long> overdue = new ArrayDeque<>();
    private int underWay;
    private Lap.Builder lap = new Lap.Builder();
    private AtomicLong allowance = new AtomicLong(Long.MAX_VALUE);
    private boolean closed; // each connection asks again at once
    private volatile long end;

    /** @param urls of replicas, which get as many connections each and, if open, are drawn by lot for each request */
    Driver(List<URI> urls, int connections, Requests requests) throws IOException {
        this.requests = requests;
        for (int i = 0; i < connections; i++) {
            int replica = i % urls.size();
            var url = urls.get(replica);
            this.connections.add(new Connection(replica, new InetSocketAddress(url.getHost(), url.getPort())));
        }
        urls.forEach(url -> free.add(new ArrayDeque<>()));
    }

    /** No more requests than this, which other drivers may share; it is over when they are used up. Only if open. */
    Driver within(AtomicLong requests) {
        allowance = requests;
        return this;
    }

    /** As many as are answered. */
    Lap saturate(double seconds) throws IOException {
        closed = true;
        begin(seconds);
        long began = System.nanoTime();
        for (var connection : connections) {
            send(connection, began);
        }
        while (underWay > 0 && System.nanoTime() < end + SHORT_DRAIN_NANOS) {
            read();
        }
        return lap.ended(underWay);
    }

    /** So many a second, evenly. */
    Lap rate(double perSecond, double seconds) throws IOException, InterruptedException {
        closed = false;
        begin(seconds);
        long start = System.nanoTime() + SETTLE_NANOS;
        end = start + (long) (seconds * 1e9);
        lap.began(start, end);
        overdue.clear();
        free.forEach(ArrayDeque::clear);
        connections.forEach(connection -> free.get(connection.replica).add(connection));
        var sender = new Thread(() -> sendWhatIsDue(start, (long) (1e9 / perSecond)), "sender");
        sender.start();
        while (true) {
            read();
            synchronized (lock) {
                long now = System.nanoTime();
                if (now > end + DRAIN_NANOS || !sender.isAlive() && underWay == 0 && overdue.isEmpty()) {
                    break;
                }
            }
        }
        sender.join();
        return lap.ended(underWay + overdue.size());
    }

    private void begin(double seconds) {
        for (var connection : connections) {
            if (connection.busy) {
                closeQuietly(connection); // left over from the lap before
                connection.busy = false;
            }
        }
        underWay = 0;
        long now = System.nanoTime();
        end = now + (long) (seconds * 1e9);
        lap = new Lap.Builder().began(now, end);
    }

    private void sendWhatIsDue(long start, long gap) {
        for (long due = start; due < end; due += gap) {
            if (allowance.getAndDecrement() <= 0) {
                end = System.nanoTime();
                return;
            }
            for (long early; (early = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(early);
            }
            synchronized (lock) {
                var connection = free();
                if (connection == null) {
                    overdue.add(due);
                } else {
                    lap.sentLate(System.nanoTime() - due);
                    send(connection, due);
                }
            }
        }
    }

    /** The one used last of a replica's: few connections as long as few are needed. Null where none is free. */
    private Connection free() {
        int first = free.size() == 1 ? 0 : replicas.nextInt(free.size());
        for (int i = 0; i < free.size(); i++) {
            var connection = free.get((first + i) % free.size()).pollLast();
            if (connection != null) {
                return connection;
            }
        }
        return null;
    }

    private void send(Connection connection, long due) {
        connection.due = due;
        connection.busy = true;
        underWay++;
        try {
            open(connection);
        } catch (IOException nobodyThere) {
            lap.failed();
            underWay--;
            connection.busy = false;
            end = Math.min(end, System.nanoTime());
            return;
        }
        try {
            var request = requests.next();
            var out = request.length <= connection.out.capacity()
                    ? connection.out.clear().put(request).flip()
                    : ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                if (connection.channel.write(out) == 0) {
                    LockSupport.parkNanos(FULL_NANOS); // larger than the socket's buffer
                }
            }
        } catch (IOException gone) {
            fail(connection);
        }
    }

    private void read() throws IOException {
        selector.select(
                key -> {
                    var connection = (Connection) key.attachment();
                    var channel = (SocketChannel) key.channel();
                    in.clear();
                    try {
                        int some = channel.read(in);
                        if (some < 0) {
                            throw new IOException("closed");
                        }
                    } catch (IOException gone) {
                        key.cancel();
                        synchronized (lock) {
                            if (connection.channel == channel) { // and not one that was opened in its place
                                fail(connection);
                            }
                        }
                        return;
                    }
                    in.flip();
                    synchronized (lock) {
                        if (connection.channel == channel && connection.answer.feed(in)) {
                            answered(connection);
                        }
                    }
                },
                20);
    }

    private void answered(Connection connection) {
        long now = System.nanoTime();
        lap.answered(connection.answer.status(), now - connection.due, now);
        connection.busy = false;
        connection.used = now;
        underWay--;
        next(connection, now);
    }

    private void next(Connection connection, long now) {
        if (closed) {
            if (now < end) {
                send(connection, now);
            }
        } else if (overdue.isEmpty()) {
            free.get(connection.replica).add(connection);
        } else {
            send(connection, overdue.poll());
        }
    }

    /** An idle one may well be closed; it is opened again when it is needed. */
    private void fail(Connection connection) {
        closeQuietly(connection);
        if (connection.busy) {
            lap.failed();
            underWay--;
            connection.busy = false;
            next(connection, System.nanoTime());
        }
    }

    /** One that was idle for some time may be about to be closed by the other side, so it is not used again. */
    private void open(Connection connection) throws IOException {
        if (connection.channel != null
                && connection.channel.isOpen()
                && System.nanoTime() - connection.used < IDLE_NANOS) {
            return;
        }
        closeQuietly(connection);
        connection.channel = SocketChannel.open(connection.address);
        connection.channel.configureBlocking(false);
        connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.channel.register(selector, SelectionKey.OP_READ, connection);
        connection.answer = new Message();
        selector.wakeup(); // or it would not be looked at before the next one that is
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection.channel != null) {
                connection.channel.close();
            }
        } catch (IOException ignored) {
            connection.channel = null;
        }
    }

    @Override
    public void close() throws IOException {
        connections.forEach(Driver::closeQuietly);
        selector.close();
    }
}
