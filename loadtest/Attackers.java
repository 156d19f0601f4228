import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Connections that keep a gateway waiting, a third in each of three ways, and callers as they should be beside them. One
 * file without a build: {@code java loadtest/Attackers.java PROXY ADMIN KEY CONNECTIONS SECONDS}.
 *
 * <p>The slow of head and of body send a byte every second; the slow of hand ask for much and read 10 bytes a second. Ends
 * with a line of JSON: of each way how many were closed and after how long the last of them, in ms (of the slow of hand as
 * the gateway counts it, for they would have to take all that is in the network's buffers to hear it), and of the callers, ten
 * a second, how many were answered with 200, how many not, and how long the slowest took.
 */
public final class Attackers {

    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final int BUFFER = 4 * 1024;

    private enum Way {
        HEAD,
        BODY,
        HAND
    }

    private static final class Attack {
        private final Way way;
        private final SocketChannel channel;
        private final long since = System.nanoTime();
        private final ByteBuffer some = ByteBuffer.allocate(10);
        private long lasted = -1;

        Attack(Way way, InetSocketAddress gateway, String key) throws IOException {
            this.way = way;
            this.channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.connect(gateway);
            say(
                    switch (way) {
                        case HEAD -> "GET /contacts/c1 HTTP/1.1\r\nHost: gateway\r\nX-Slow: ";
                        case BODY ->
                            "POST /contacts/ HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                                    + key + "\r\nContent-Length: 100000\r\n\r\n{";
                        case HAND ->
                            "GET /simulate/download?bytes=30000000 HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + key
                                    + "\r\n\r\n";
                    });
            channel.configureBlocking(false);
        }

        private void say(String text) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }

        /** A little more, and whether it was closed meanwhile. */
        void goOn() {
            if (lasted >= 0) {
                return;
            }
            try {
                if (way != Way.HAND) {
                    say("x");
                }
                some.clear();
                boolean ended = channel.read(some) < 0;
                // What is told before the end is read to it: who is slow of head or body hears why.
                while (way != Way.HAND && !ended && some.position() > 0) {
                    some.clear();
                    ended = channel.read(some) < 0;
                }
                if (ended) {
                    end();
                }
            } catch (IOException reset) {
                end();
            }
        }

        private void end() {
            lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            try {
                channel.close();
            } catch (IOException closed) {
                // it is
            }
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Long> callers = new TreeMap<>(Map.of("ok", 0L, "not_ok", 0L, "slowest_ms", 0L));

    public static void main(String[] args) throws Exception {
        new Attackers()
                .run(
                        URI.create(args[0]),
                        URI.create(args[1]),
                        args[2],
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]));
    }

    private void run(URI proxy, URI admin, String key, int connections, int seconds) throws Exception {
        var gateway = new InetSocketAddress(proxy.getHost(), proxy.getPort());
        var attacks = new ArrayList<Attack>();
        for (int i = 0; i < connections; i++) {
            attacks.add(new Attack(Way.values()[i % 3], gateway, key));
        }
        System.err.println(connections + " connections are open");
        var answers = new ArrayList<CompletableFuture<?>>();
        long begun = System.nanoTime();
        long stalled = 0;
        long stalledAfter = -1;
        long hands = attacks.stream().filter(attack -> attack.way == Way.HAND).count();
        long end = begun + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end
                && (stalled < hands || attacks.stream().anyMatch(attack -> attack.way != Way.HAND && attack.lasted < 0))) {
            long round = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                answers.add(call(proxy, key));
                TimeUnit.MILLISECONDS.sleep(50);
            }
            attacks.forEach(Attack::goOn);
            stalled = stalled(admin);
            if (stalled >= hands && stalledAfter < 0) {
                stalledAfter = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            }
            TimeUnit.NANOSECONDS.sleep(Math.max(
                    0, TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS) - (System.nanoTime() - round)));
        }
        for (var answer : answers) {
            answer.join();
        }
        var line = new StringBuilder("{\"connections\":" + connections);
        for (var way : Way.values()) {
            List<Attack> ofIt = attacks.stream().filter(attack -> attack.way == way).toList();
            boolean hand = way == Way.HAND;
            long closed = ofIt.stream().filter(attack -> attack.lasted >= 0).count();
            long last = ofIt.stream().mapToLong(attack -> attack.lasted).max().orElse(0);
            line.append(",\"").append(way.name().toLowerCase()).append("_closed\":").append(hand ? stalled : closed);
            line.append(",\"").append(way.name().toLowerCase()).append("_last_ms\":")
                    .append(Math.max(0, hand ? stalledAfter : last));
        }
        callers.forEach((what, count) -> line.append(",\"").append(what).append("\":").append(count));
        System.out.println(line.append("}"));
        System.exit(0);
    }

    /** How many the gateway has ended since they took nothing: by the connection's clock or the answer's, whichever was first. */
    private long stalled(URI admin) throws IOException, InterruptedException {
        var metrics = client.send(
                        HttpRequest.newBuilder(admin.resolve("/metrics")).build(), BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("ghl_gateway_requests_total") && line.contains("\"caller_gone\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private CompletableFuture<?> call(URI proxy, String key) {
        var request = HttpRequest.newBuilder(proxy.resolve("/contacts/c1"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .build();
        long asked = System.nanoTime();
        return client.sendAsync(request, BodyHandlers.discarding()).handle((answer, failure) -> {
            synchronized (callers) {
                callers.merge(failure == null && answer.statusCode() == 200 ? "ok" : "not_ok", 1L, Long::sum);
                callers.merge("slowest_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked), Math::max);
            }
            return null;
        });
    }
}
