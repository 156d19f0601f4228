import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers behind a Kubernetes Service: each request goes to one of the replicas whose readiness said yes at the last
 * look, ten a second, and is made once. One file without a build: {@code java loadtest/Callers.java ...}.
 *
 * <p>{@code --replicas PROXY=ADMIN,...} {@code --key KEY} {@code --wait SECONDS} and either {@code --rate N --for SECONDS}
 * and perhaps {@code --until FILE}, open-model arrivals until there is such a file, or
 * {@code --locations N --each M --over SECONDS}, that many for each of the locations {@code crowd-1} and so on, evenly in that time. Ends with a line of JSON: {@code late} are those that took longer than they wait and a second, {@code broken} got
 * no answer at all, and other fields count codes of the gateway's own.
 */
public final class Callers {

    private static final Duration SLACK = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newFixedThreadPool(2, Callers::daemon))
            .build();
    private final Map<String, String> options;
    private final Map<String, String> replicas = new TreeMap<>();
    private final long wait;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Integer> counts = new TreeMap<>(Map.of("ok", 0, "late", 0, "broken", 0));
    private final List<CompletableFuture<?>> answers = new ArrayList<>();
    private volatile List<String> ready = List.of();
    private long longest; // in ms; guarded by counts

    private Callers(Map<String, String> options) {
        this.options = options;
        this.wait = number("wait");
        for (var replica : options.get("replicas").split(",")) {
            var doors = replica.split("=");
            replicas.put(doors[0], doors[1]);
        }
    }

    public static void main(String[] args) throws Exception {
        var options = new HashMap<String, String>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        new Callers(options).run();
    }

    private void run() throws Exception {
        look();
        System.err.println("calling " + ready.size() + " replicas");
        if (!options.containsKey("locations")) { // a crowd is about one replica's work, and no Service looks on
            var looking = Executors.newSingleThreadScheduledExecutor(Callers::daemon);
            looking.scheduleAtFixedRate(this::look, 100, 100, TimeUnit.MILLISECONDS);
        }
        if (options.containsKey("locations")) {
            int all = number("each") * number("locations");
            long pause = number("over") * 1_000_000_000L / all;
            long next = System.nanoTime();
            for (int i = 0; i < all; i++, next += pause) {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                call("/contacts/c1?locationId=crowd-" + (1 + i % number("locations")));
            }
        } else {
            long pause = 1_000_000_000L / number("rate");
            long end = System.nanoTime() + number("for") * 1_000_000_000L;
            var enough = Path.of(options.getOrDefault("until", ""));
            for (long next = System.nanoTime(); next < end && !Files.isRegularFile(enough); next += pause) {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                call("/contacts/c1");
            }
        }
        for (var answer : answers) {
            answer.join();
        }
        var line = new StringBuilder("{\"asked\":" + answers.size() + ",\"longest_ms\":" + longest);
        counts.forEach((name, count) -> line.append(",\"").append(name).append("\":").append(count));
        System.out.println(line.append("}"));
    }

    private void call(String path) {
        var there = ready;
        if (there.isEmpty()) {
            answers.add(CompletableFuture.completedFuture(null));
            count("broken");
            return;
        }
        var proxy = there.get(Math.floorMod(turn.getAndIncrement(), there.size()));
        var request = HttpRequest.newBuilder(URI.create(proxy + path))
                .timeout(Duration.ofSeconds(wait + 30))
                .header("Authorization", "Bearer " + options.get("key"))
                .header("Prefer", "wait=" + wait)
                .build();
        long asked = System.nanoTime();
        answers.add(client.sendAsync(request, BodyHandlers.discarding())
                .handle((answer, failure) -> {
                    ended(proxy, answer, failure, Duration.ofNanos(System.nanoTime() - asked));
                    return null;
                }));
    }

    private void ended(String proxy, HttpResponse<Void> answer, Throwable failure, Duration took) {
        if (failure != null) {
            System.err.println(proxy + ": " + failure);
            count("broken");
        } else if (answer.statusCode() == 200) {
            count("ok");
        } else {
            count(answer.headers().firstValue("X-Gateway-Error").orElse("upstream_" + answer.statusCode()));
        }
        if (took.compareTo(Duration.ofSeconds(wait).plus(SLACK)) > 0) {
            count("late");
        }
        synchronized (counts) {
            longest = Math.max(longest, took.toMillis());
        }
    }

    private void count(String what) {
        synchronized (counts) {
            counts.merge(what, 1, Integer::sum);
        }
    }

    private void look() {
        var next = new ArrayList<String>();
        replicas.forEach((proxy, admin) -> {
            try {
                var asked = HttpRequest.newBuilder(URI.create(admin + "/health/ready"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
                if (client.send(asked, BodyHandlers.discarding()).statusCode() == 200) {
                    next.add(proxy);
                }
            } catch (java.io.IOException away) {
                // not ready
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ready = List.copyOf(next);
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private int number(String name) {
        return Integer.parseInt(options.get(name));
    }
}
