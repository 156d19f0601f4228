import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bulk callers that keep so many requests waiting all the time, and one person with a request a second. One file without a
 * build: {@code java loadtest/Fair.java ...}.
 *
 * <p>{@code --bulk KEY=URL+URL,KEY=URL} each with the replicas it asks in turn, {@code --desk KEY=URL+URL} the person,
 * {@code --waiting N} of each bulk caller, {@code --warm-up SECONDS} that are not counted and {@code --for SECONDS} that are.
 * Ends with a line of JSON: what each bulk caller got, Jain's index of these in thousandths, and the person's requests,
 * those that were not answered with 200, and the 99th percentile of the others' times.
 */
public final class Fair {

    private static final Duration LONG = Duration.ofMinutes(10);

    private record Caller(String key, List<String> replicas, AtomicInteger turn, AtomicInteger served) {
        static Caller parse(String text) {
            var halves = text.split("=", 2);
            return new Caller(
                    halves[0], List.of(halves[1].split("\\+")), new AtomicInteger(), new AtomicInteger());
        }

        HttpRequest request(String priority, String wait) {
            var replica = replicas.get(Math.floorMod(turn.getAndIncrement(), replicas.size()));
            return HttpRequest.newBuilder(URI.create(replica + "/contacts/c1"))
                    .timeout(LONG)
                    .header("Authorization", "Bearer " + key)
                    .header("Priority", priority)
                    .header("Prefer", "wait=" + wait)
                    .build();
        }
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newFixedThreadPool(2, Fair::daemon))
            .build();
    private final List<Caller> bulk;
    private final Caller desk;
    private final int waiting;
    private final int warmUp;
    private final int length;
    private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean counts;
    private volatile boolean over;

    private Fair(Map<String, String> options) {
        this.bulk = Arrays.stream(options.get("bulk").split(",")).map(Caller::parse).toList();
        this.desk = Caller.parse(options.get("desk"));
        this.waiting = Integer.parseInt(options.get("waiting"));
        this.warmUp = Integer.parseInt(options.get("warm-up"));
        this.length = Integer.parseInt(options.get("for"));
    }

    public static void main(String[] args) throws Exception {
        var options = new HashMap<String, String>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        new Fair(options).run();
        System.exit(0); // whatever still waits
    }

    private void run() throws Exception {
        for (int i = 0; i < waiting; i++) {
            bulk.forEach(this::keepAsking);
            TimeUnit.MILLISECONDS.sleep(2); // so that no listen queue overflows
        }
        var seconds = Executors.newSingleThreadScheduledExecutor(Fair::daemon);
        seconds.scheduleAtFixedRate(this::ask, 0, 1, TimeUnit.SECONDS);
        TimeUnit.SECONDS.sleep(warmUp);
        counts = true;
        TimeUnit.SECONDS.sleep(length);
        counts = false;
        over = true;
        seconds.shutdown();
        TimeUnit.SECONDS.sleep(2); // the person's last answers
        var line = new StringBuilder("{");
        for (int i = 0; i < bulk.size(); i++) {
            line.append("\"bulk_").append(i + 1).append("\":").append(bulk.get(i).served()).append(',');
        }
        var sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        long p99 = sorted.isEmpty() ? -1 : sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * 0.99) - 1));
        System.out.println(line.append("\"jain\":").append(Math.round(jain() * 1000))
                .append(",\"desk_asked\":").append(asked).append(",\"desk_failed\":").append(failed)
                .append(",\"desk_p99_ms\":").append(p99).append('}'));
    }

    private double jain() {
        double sum = 0;
        double squares = 0;
        for (var caller : bulk) {
            sum += caller.served().get();
            squares += (double) caller.served().get() * caller.served().get();
        }
        return squares == 0 ? 0 : sum * sum / (bulk.size() * squares);
    }

    private void keepAsking(Caller caller) {
        if (!over) {
            client.sendAsync(caller.request("u=5", "300"), BodyHandlers.discarding()).whenComplete((answer, failure) -> {
                if (isOk(answer) && counts) {
                    caller.served().incrementAndGet();
                }
                if (isOk(answer)) {
                    keepAsking(caller);
                } else if (!over) {
                    System.err.println("bulk: " + (failure == null ? answer.statusCode() : failure));
                }
            });
        }
    }

    private void ask() {
        boolean counted = counts;
        long began = System.nanoTime();
        if (counted) {
            asked.incrementAndGet();
        }
        client.sendAsync(desk.request("u=1", "25"), BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (counted && isOk(answer)) {
                times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            } else if (counted) {
                failed.incrementAndGet();
            }
        });
    }

    private static boolean isOk(HttpResponse<Void> answer) {
        return answer != null && answer.statusCode() == 200;
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
