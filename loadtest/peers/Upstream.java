import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * What stands for HighLevel where only the cost of what is before it is measured: one thread that answers everything with
 * the same contact and the six rate headers, whose remaining number it really counts for each location, in windows of ten
 * seconds that begin with their first request. It refuses nothing. {@code Upstream LOCATIONS LIMIT}; prints its port.
 */
final class Upstream {

    private static final byte[] LOCATION = "bench-".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 6;
    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final int REMAINING_DIGITS = 7;
    private static final String REMAINING = "X-RateLimit-Remaining: ";

    private final long[] since;
    private final int[] used;
    private final int limit;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] answer;
    private final int remainingAt;
    private final ByteBuffer out;

    private Upstream(int locations, int limit) {
        this.since = new long[locations + 1];
        this.used = new int[locations + 1];
        this.limit = limit;
        var body = "{\"contact\":{\"id\":\"ocQHyuzHvysMo5N5VsXc\",\"firstName\":\"Ada\",\"lastName\":\"Lovelace\","
                + "\"email\":\"ada@example.com\",\"phone\":\"+15555550100\",\"timezone\":\"Europe/London\","
                + "\"tags\":[\"customer\",\"newsletter\"],\"dateAdded\":\"2026-01-01T00:00:00.000Z\","
                + "\"customFields\":[" + "{\"id\":\"sf5Qd9lQbYJxwqnLzB2p\",\"value\":\"some text\"},".repeat(6)
                + "{\"id\":\"sf5Qd9lQbYJxwqnLzB2p\",\"value\":\"the last\"}]},\"traceId\":\"0f1e2d3c\"}";
        var text =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: " + body.length()
                        + "\r\nX-RateLimit-Limit-Daily: 200000\r\nX-RateLimit-Daily-Remaining: 199999"
                        + "\r\nX-RateLimit-Daily-Reset: 43200000\r\nX-RateLimit-Interval-Milliseconds: 10000"
                        + "\r\nX-RateLimit-Max: " + limit + "\r\n" + REMAINING + "0".repeat(REMAINING_DIGITS)
                        + "\r\n\r\n" + body;
        this.answer = text.getBytes(StandardCharsets.US_ASCII);
        this.remainingAt = text.indexOf(REMAINING) + REMAINING.length();
        this.out = ByteBuffer.allocateDirect(answer.length);
    }

    public static void main(String[] args) throws IOException {
        new Upstream(Integer.parseInt(args[0]), Integer.parseInt(args[1])).run();
    }

    private void run() throws IOException {
        var selector = Selector.open();
        var door = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0), 4096);
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println("ready: upstream=http://127.0.0.1:" + door.socket().getLocalPort());
        while (true) {
            selector.select(key -> {
                try {
                    if (key.isAcceptable()) {
                        accept(door, selector);
                    } else {
                        read((SocketChannel) key.channel(), (Message) key.attachment());
                    }
                } catch (IOException gone) {
                    close(key);
                }
            });
        }
    }

    private static void accept(ServerSocketChannel door, Selector selector) throws IOException {
        for (SocketChannel channel; (channel = door.accept()) != null; ) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Message());
        }
    }

    private void read(SocketChannel channel, Message request) throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            channel.close();
            return;
        }
        in.flip();
        while (in.hasRemaining()) {
            if (request.feed(in)) {
                answer(channel, request.numberAfter(LOCATION, DIGITS));
            }
        }
    }

    private void answer(SocketChannel channel, int location) throws IOException {
        int left = left(location);
        for (int i = REMAINING_DIGITS - 1; i >= 0; i--, left /= 10) {
            answer[remainingAt + i] = (byte) (left == 0 && i < REMAINING_DIGITS - 1 ? ' ' : '0' + left % 10);
        }
        out.clear();
        out.put(answer).flip();
        while (out.hasRemaining()) {
            channel.write(out); // a thousand bytes always fit into a socket whose reader asked for them
        }
    }

    private int left(int location) {
        int index = location >= 0 && location < since.length ? location : 0;
        long now = System.nanoTime();
        if (used[index] == 0 || now - since[index] >= WINDOW_NANOS) {
            since[index] = now;
            used[index] = 0;
        }
        return Math.max(0, limit - ++used[index]);
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException ignored) {
            key.cancel();
        }
    }
}
