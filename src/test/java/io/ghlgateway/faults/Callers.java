package io.ghlgateway.faults;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Asks at an even pace whatever becomes of it (open model), until it is told to stop, and keeps account of all answers. */
final class Callers implements AutoCloseable {

    private final HttpClient client;
    private final ExecutorService threads = Executors.newCachedThreadPool(Callers::daemon);
    private final List<CompletableFuture<Answer>> asked = new ArrayList<>(); // guarded by itself
    private final List<Thread> pacers = new ArrayList<>();
    private final List<HttpRequest.Builder> due = new ArrayList<>(); // guarded by itself
    private boolean holds; // guarded by due
    private volatile boolean stopped;

    /**
     * How one request ended.
     *
     * @param asked when, by {@link System#nanoTime()}
     * @param nanos how long it took
     * @param status 0 where there was no whole answer
     * @param code the gateway's own, where the answer is not HighLevel's
     */
    record Answer(long asked, long nanos, int status, String code, long length) {

        boolean isOk() {
            return status == 200;
        }

        boolean isBroken() {
            return status == 0;
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(nanos);
        }

        /** By {@link System#nanoTime()}. */
        long answered() {
            return asked + nanos;
        }

        /** Asked and answered. */
        boolean isWithin(long from, long to) {
            return asked >= from && answered() < to;
        }
    }

    Callers() {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
    }

    /** @param request the n-th one */
    Callers every(Duration pause, IntFunction<HttpRequest.Builder> request) {
        var pacer = daemon(() -> {
            long next = System.nanoTime();
            for (int i = 0; !stopped; i++, next += pause.toNanos()) {
                LockSupport.parkNanos(next - System.nanoTime());
                pass(request.apply(i));
            }
        });
        pacers.add(pacer);
        pacer.start();
        return this;
    }

    CompletableFuture<Answer> ask(HttpRequest.Builder request) {
        long start = System.nanoTime();
        var answer = client.sendAsync(request.build(), BodyHandlers.ofByteArray())
                .handle((response, failure) -> answer(start, response));
        synchronized (asked) {
            asked.add(answer);
        }
        return answer;
    }

    private void pass(HttpRequest.Builder request) {
        synchronized (due) {
            if (holds) {
                due.add(request);
                return;
            }
        }
        ask(request);
    }

    /** What is due from now on is asked when this is over, all at once. */
    void hold() {
        synchronized (due) {
            holds = true;
        }
    }

    void goOn() {
        synchronized (due) {
            holds = false;
            due.forEach(this::ask);
            due.clear();
        }
    }

    /** So many at once. */
    List<CompletableFuture<Answer>> ask(int count, IntFunction<HttpRequest.Builder> request) {
        return IntStream.range(0, count).mapToObj(i -> ask(request.apply(i))).toList();
    }

    static List<Answer> joined(List<CompletableFuture<Answer>> asked) {
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** @param response null where there is none */
    private static Answer answer(long start, HttpResponse<byte[]> response) {
        long nanos = System.nanoTime() - start;
        return response == null
                ? new Answer(start, nanos, 0, "", 0)
                : new Answer(
                        start,
                        nanos,
                        response.statusCode(),
                        response.headers().firstValue("X-Gateway-Error").orElse(""),
                        response.body().length);
    }

    /** Asks no more, and gives what became of all that was asked. */
    List<Answer> stop() {
        askNoMore();
        List<CompletableFuture<Answer>> all;
        synchronized (asked) {
            all = List.copyOf(asked);
        }
        return joined(all);
    }

    private void askNoMore() {
        stopped = true;
        for (var pacer : pacers) {
            try {
                pacer.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static long count(List<Answer> answers, Predicate<Answer> which) {
        return answers.stream().filter(which).count();
    }

    /** The time, in ms, that so many of a hundred did not exceed. */
    static long percentile(List<Answer> answers, double share) {
        return TimeUnit.NANOSECONDS.toMillis(nanos(answers, share));
    }

    static long nanos(List<Answer> answers, double share) {
        var nanos = answers.stream().mapToLong(Answer::nanos).sorted().toArray();
        return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, Math.ceil(nanos.length * share) - 1)];
    }

    static String shape(List<Answer> answers) {
        return Arrays.toString(answers.stream()
                .map(each -> each.status() + each.code())
                .sorted()
                .distinct()
                .toArray());
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "callers");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        askNoMore(); // and waits for no answer: where a row failed some never come
        threads.shutdownNow();
    }
}
