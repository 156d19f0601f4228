import java.io.IOException;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What tenants and those who wait take of memory, in one replica and in its Redis. */
final class Sizes {

    /** Called before anything is measured, so that what comes with the first request is there. */
    static final int FIRST = 50;

    private static final int FIRST_RATE = 500;
    private static final double FIRST_SECONDS = 4;
    private static final int RATE = 1_000;
    private static final String KIND = "}:"; // what follows it in a key's name
    private static final int FIRST_CROWD = 500;
    private static final int CROWD_EACH = 200; // for a location with a quota of 100
    private static final double ALMOST = 0.9;
    private static final double ONCE_SECONDS = 0.001; // so that no connection asks twice
    private static final long UNTIL_ALL_WAIT_MILLIS = 3_000;
    private static final long UNTIL_ALL_ARE_SERVED_MILLIS = 8_000;

    /**
     * Of so many known tenants.
     *
     * @param idle MiB of heap, when {@link #FIRST} were called
     * @param active MiB of heap, when all the others were that were to be
     * @param redisOnce MiB that Redis grew by when each was called once
     * @param redisAgain and when each was called so many times more
     * @param kinds what keys there are in Redis then, and how large
     */
    record Tenants(double idle, double active, double redisOnce, double redisAgain, String kinds) {}

    /** MiB of heap, all replicas', before callers came, while they wait, and when they are served and still connected. */
    record Waiting(double before, double during, double after, int connections, int waiting) {}

    private final Stand stand;
    private final Options options;

    Sizes(Stand stand, Options options) {
        this.stand = stand;
        this.options = options;
    }

    /** @param again calls of each after its first, all in the interval */
    Tenants tenants(int known, int called, int again, boolean shared)
            throws IOException, InterruptedException, Stand.Missing {
        var name = "sizes-" + known + (shared ? "-redis" : "");
        var peer = stand.ours(name, 1, shared, Requests.locations(0, known), Race.LIMIT, options.text("heap-many"));
        var replica = peer.processes().get(0);
        try {
            ask(peer, 0, FIRST, FIRST_RATE, FIRST_SECONDS);
            double idle = replica.liveHeapMegabytes();
            double empty = redisMegabytes(peer);
            double once = empty;
            double more = empty;
            double active = idle;
            if (called > 0) {
                ask(peer, FIRST, called, RATE, (double) called / RATE);
                once = redisMegabytes(peer);
                if (again > 0) {
                    double seconds = 5;
                    ask(peer, FIRST, called, called * again / seconds, seconds);
                    more = redisMegabytes(peer);
                }
                active = replica.liveHeapMegabytes();
            }
            var kinds = shared ? kinds(peer.redis().orElseThrow()) : "";
            return new Tenants(idle, active, once - empty, more - once, kinds);
        } finally {
            stand.end(peer);
        }
    }

    /** So many more requests than their locations' quotas allow, each on a connection of its own; a smaller crowd came before. */
    Waiting waiting(Stand.Peer peer, int waiting) throws IOException, InterruptedException {
        crowd(peer, 0, FIRST_CROWD);
        return crowd(peer, FIRST_CROWD, waiting);
    }

    private Waiting crowd(Stand.Peer peer, int from, int waiting) throws IOException, InterruptedException {
        int count = waiting / (CROWD_EACH - Race.LIMIT);
        int connections = count * CROWD_EACH;
        var requests = Requests.of("127.0.0.1", Requests.KEY, Requests.locations(from, count), Requests.Ask.PAGE);
        double before = heap(peer);
        try (var driver = new Driver(peer.urls(), connections, requests)) {
            var crowd = new FutureTask<>(() -> driver.saturate(ONCE_SECONDS));
            new Thread(crowd, "crowd").start();
            Thread.sleep(UNTIL_ALL_WAIT_MILLIS);
            double during = heap(peer);
            var lap = crowd.get();
            if (lap.others().getOrDefault("open", 0L) < waiting * ALMOST) {
                throw new IOException("too few waited: " + lap.ok() + " answered, and " + lap.others());
            }
            Thread.sleep(UNTIL_ALL_ARE_SERVED_MILLIS);
            return new Waiting(before, during, heap(peer), connections, waiting);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static double heap(Stand.Peer peer) throws IOException, InterruptedException {
        double alive = 0;
        for (var replica : peer.processes()) {
            alive += replica.liveHeapMegabytes();
        }
        return alive;
    }

    private void ask(Stand.Peer peer, int from, int count, double rate, double seconds)
            throws IOException, InterruptedException {
        var requests = Requests.of("127.0.0.1", Requests.KEY, Requests.locations(from, count), Requests.Ask.PAGE);
        try (var driver = new Driver(peer.urls(), options.number("connections"), requests)) {
            var lap = driver.rate(rate, seconds);
            if (!lap.others().isEmpty()) {
                throw new IOException("not all were answered with 2xx: " + lap.others());
            }
        }
    }

    private static double redisMegabytes(Stand.Peer peer) throws IOException {
        return peer.redis().isPresent() ? peer.redis().get().info("used_memory") / 1024 / 1024 : 0;
    }

    /** How many keys there are of each kind, and how large one of them is. */
    private static String kinds(Redis redis) throws IOException {
        var counts = new TreeMap<String, Integer>();
        var one = new TreeMap<String, String>();
        redis.said("KEYS *").lines().filter(line -> line.contains(KIND)).forEach(key -> {
            var kind = key.substring(key.indexOf(KIND) + KIND.length());
            counts.merge(kind, 1, Integer::sum);
            one.put(kind, key);
        });
        var texts = new ArrayList<String>();
        for (var kind : counts.entrySet()) {
            var bytes = redis.said("MEMORY USAGE \"" + one.get(kind.getKey()) + "\"");
            texts.add("`%s` %d of %s bytes"
                    .formatted(
                            kind.getKey(),
                            kind.getValue(),
                            bytes.lines().findFirst().orElse("").replaceAll("\\D", "")));
        }
        return String.join(", ", texts);
    }
}
