package io.ghlgateway.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A bare connection, of which there may be thousands: it waits for nothing, and hears the end only when it is asked. */
final class Dribble implements AutoCloseable {

    private static final int BUFFER = 4 * 1024;

    private final SocketChannel channel;
    private final StringBuilder heard = new StringBuilder();
    private boolean ended;

    private Dribble(SocketChannel channel) {
        this.channel = channel;
    }

    static Dribble to(URI door) throws IOException {
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        channel.connect(new InetSocketAddress(door.getHost(), door.getPort()));
        channel.configureBlocking(false);
        return new Dribble(channel);
    }

    /** As much as the other side takes; what it no longer takes tells that it has ended. */
    Dribble say(String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            hear();
        }
        return this;
    }

    private boolean hear() {
        var buffer = ByteBuffer.allocate(BUFFER);
        try {
            int count = ended ? -1 : channel.read(buffer);
            for (; count > 0; count = channel.read(buffer.clear())) {
                heard.append(new String(buffer.array(), 0, count, StandardCharsets.ISO_8859_1));
            }
            ended = count < 0;
        } catch (IOException reset) {
            ended = true;
        }
        return ended;
    }

    /** How many of them the other side has ended. */
    static int ended(List<Dribble> all) {
        return (int) all.stream().filter(Dribble::hear).count();
    }

    /** All that the other side said so far. */
    static String heard(Dribble one) {
        one.hear();
        return one.heard.toString();
    }

    /** Which statuses they got, each once. */
    static String statuses(List<Dribble> all) {
        return all.stream()
                .map(each -> each.heard.toString().replaceAll("(?s)^HTTP/1.1 (\\d+).*", "$1"))
                .sorted()
                .distinct()
                .toList()
                .toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
