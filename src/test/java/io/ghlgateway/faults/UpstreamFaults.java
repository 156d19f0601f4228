package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.faults.Callers.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** One replica before a HighLevel that is in trouble. */
class UpstreamFaults extends FaultTest {

    private static final int BODIES = 10_000;
    private static final int AT_ONCE = 50;
    private static final int OUTAGES = 5;
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration UNDER_WAY = Duration.ofMillis(150);
    private static final int WARM_STORMS = 2;
    private static final int STORMS = 4;

    UpstreamFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.U1)
    void whoCannotBeConnectedToIsA502AtOnceWhateverTheMethod() {
        try (var world = new World(new Plan());
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            var warm = callers.ask(write(replica)).join();
            var answers = new ArrayList<Answer>();
            long longest = 0;
            for (int i = 0; i < OUTAGES; i++) {
                world.highLevel().refuse();
                for (int k = 0; k < 20; k++) {
                    answers.add(callers.ask(k % 2 == 0 ? write(replica) : World.ask(replica, "/contacts/c1"))
                            .join());
                }
                world.highLevel().connect();
                long accepts = System.nanoTime();
                longest = Math.max(longest, TimeUnit.NANOSECONDS.toMillis(served(callers, replica) - accepts));
            }
            double opened = world.metric(replica, "ghl_gateway_upstream_circuit_opened_total");

            report(
                    "%s, at most %d ms; a POST is served at most %d ms after it accepts again; in %d outages the circuit opened"
                            + " %.0f times; %s",
                    Callers.shape(answers), Callers.percentile(answers, 1), longest, OUTAGES, opened, world.stalls());
            assertThat(warm.status()).isEqualTo(201);
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.code()).isEqualTo("upstream_unreachable");
            });
            world.within(Callers.percentile(answers, 1), 1_000);
            assertThat(opened).as("more than enough failed in a row").isEqualTo(OUTAGES);
            world.within(longest, 1_000 + 50); // the circuit is tried once a second; and a request takes its time
        }
    }

    /** When the first of those was answered that are asked every few ms from now on; all have their answer then. */
    private static long served(Callers callers, Replica replica) {
        var first = new CompletableFuture<Answer>();
        var asked = new ArrayList<CompletableFuture<Void>>();
        World.until(() -> {
            asked.add(callers.ask(write(replica)).thenAccept(answer -> {
                if (answer.status() == 201) {
                    first.complete(answer);
                }
            }));
            return first.isDone();
        });
        asked.forEach(CompletableFuture::join);
        return first.join().answered();
    }

    @Test
    @Proves(Row.U2)
    void whoHangsIsA504AtItsTime() {
        var timeout = Duration.ofSeconds(1);
        try (var world = new World(new Plan().set("upstream.response-timeout", timeout.toMillis() + "ms"));
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            int before = replica.descriptors();
            all(callers, 200, i -> write(replica)); // also so that its quota is known: else all but ten would wait
            world.highLevel().stall();
            var asked = new ArrayList<CompletableFuture<Answer>>();
            for (int i = 0; i < 50; i++) {
                asked.add(callers.ask(write(replica)));
                pause(Duration.ofMillis(10)); // all at once they would wait for each other, and not for HighLevel
            }
            var answers = asked.stream().map(CompletableFuture::join).toList();
            int held = world.highLevel().open();
            World.until(() -> replica.descriptors() <= before + 5);
            world.highLevel().flow();
            var after = callers.ask(write(replica)).join();

            report(
                    "%s, p99 %d ms where the deadline is %d ms; all %d connections closed; %s",
                    Callers.shape(answers),
                    Callers.percentile(answers, 0.99),
                    timeout.toMillis(),
                    held,
                    world.stalls());
            assertThat(answers).allSatisfy(answer -> assertThat(answer.code()).isEqualTo("upstream_timeout"));
            world.within(Callers.percentile(answers, 0.99), timeout.toMillis() + 50);
            assertThat(after.status()).isEqualTo(201);
        }
    }

    @Test
    @Proves(Row.U3)
    void noAnswerThatWasCutLooksComplete() {
        var random = new Random(3);
        try (var world = new World(new Plan().quota(100_000, Duration.ofSeconds(10), Duration.ofMillis(500)));
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            int length = 2_000;
            // A length that is known, and one that is not.
            var paths =
                    List.of("/simulate/download?bytes=" + length, "/simulate/download?chunked=true&bytes=" + length);
            world.highLevel().cutAfter(() -> random.nextInt(3_000));
            var answers = all(callers, BODIES, i -> World.ask(replica, paths.get(i % 2)));
            long before = world.simulator().stats().accepted();
            var writes = all(callers, BODIES / 10, i -> write(replica));
            long arrived = world.simulator().stats().accepted() - before;
            world.highLevel().cutNoMore();
            world.highLevel().reset();

            long short_ = Callers.count(answers, each -> each.isOk() && each.length() != length);
            report(
                    "%d of %d looked complete and were not; %d broke off, %d were whole; %d POSTs arrived for %d",
                    short_,
                    answers.size(),
                    Callers.count(answers, Answer::isBroken),
                    Callers.count(answers, Answer::isOk),
                    arrived,
                    writes.size());
            assertThat(short_).isZero();
            assertThat(Callers.count(answers, Answer::isBroken)).isPositive();
            assertThat(arrived).isLessThanOrEqualTo(writes.size());
        }
    }

    /**
     * The one meets storms at the pace of HighLevel's own quota, by turns with {@code Retry-After} and without; the other asks
     * twenty times as often. All that waited is sent when a storm's time is over, on the two or so CPUs that are there for all
     * of this; so between the storms the one's callers hold back as long themselves, and what is left of the difference is the
     * storm's. What 99 of 100 requests may lose to the machine, as in the middle one of all turns, is allowed for.
     */
    @Test
    @Proves(Row.U4)
    void aStormOf429sPausesTheQuotaThatMetItAlone() {
        var interval = Duration.ofSeconds(3);
        var rest = Duration.ofSeconds(2);
        try (var world = new World(new Plan().quota(5_000, interval, Duration.ofMillis(500)));
                var stormy = new Callers();
                var others = new Callers()) {
            // As operators run it, for times of some ms are compared.
            var replica = world.startDirect("-XX:TieredStopAtLevel=4", "-Dio.netty.leakDetection.level=simple")
                    .untilReady();
            world.atRest(replica);
            stormy.every(Duration.ofMillis(100), i -> World.ask(replica, "/contacts/c1"));
            others.every(
                    Duration.ofMillis(5),
                    i -> World.ask(replica, "/contacts/c1").header("X-Tenant", "globex"));
            pause(Duration.ofSeconds(12)); // until it is warm
            var sent = new ArrayList<Long>();
            var turns = new ArrayList<Long>(); // when a storm began, and when what is as long without one
            var late = new ArrayList<Long>();
            for (int i = 0; i < WARM_STORMS + STORMS; i++) {
                boolean said = i % 2 == 0;
                var time = said ? rest : interval;
                long begun = System.nanoTime();
                try (var machine = new Hiccups()) {
                    sent.add(stormed(world, time, said ? ", \"retryAfter\": \"" + rest.toMillis() + "ms\"" : ""));
                    pause(interval.plusSeconds(2)); // until it is sent again
                    late.add(machine.usualAllowanceMicros());
                }
                long over = System.nanoTime();
                try (var machine = new Hiccups()) {
                    stormy.hold();
                    looks(world, time);
                    stormy.goOn();
                    pause(Duration.ofNanos(over - begun - (System.nanoTime() - over)));
                    late.add(machine.usualAllowanceMicros());
                }
                turns.addAll(i < WARM_STORMS ? List.of() : List.of(begun, over));
            }
            turns.add(System.nanoTime());
            var served = others.stop();
            var answers = stormy.stop();
            long storm = p99(served, turns, 0);
            long calm = p99(served, turns, 1);
            Collections.sort(late);
            long allowed = late.get(late.size() / 2);

            report(
                    "%d sends before the time in %d storms; all %d of the other tenant served, p99 in storms %d us, where as many come at"
                            + " once without one %d us; the machine allows %d us; of %d that met the storms %s",
                    sent.stream().mapToLong(each -> each).sum(),
                    sent.size(),
                    served.size(),
                    storm,
                    calm,
                    allowed,
                    answers.size(),
                    Callers.shape(answers));
            assertThat(sent).containsOnly(0L);
            assertThat(served).allMatch(Answer::isOk);
            assertThat(Callers.count(answers, Answer::isBroken)).isZero();
            assertThat(storm).isLessThanOrEqualTo(calm * 105 / 100 + allowed);
        }
    }

    /** In us, of those asked in every second turn from this one on. */
    private static long p99(List<Answer> answers, List<Long> turns, int first) {
        var asked = new ArrayList<Answer>();
        for (int i = first; i + 1 < turns.size(); i += 2) {
            long from = turns.get(i);
            long to = turns.get(i + 1);
            answers.stream()
                    .filter(each -> each.asked() >= from && each.asked() < to)
                    .forEach(asked::add);
        }
        return TimeUnit.NANOSECONDS.toMicros(Callers.nanos(asked, 0.99));
    }

    /** As many of them as a storm is looked at, so that either costs the same. */
    private static void looks(World world, Duration time) {
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() - end < 0; pause(LOOK)) {
            refused(world);
        }
    }

    /** How many were sent into it before its time was over, but for those that were under way: by looks that surely were before. */
    private static long stormed(World world, Duration rest, String field) {
        world.misbehave("[{\"match\": {\"resource\": \"" + Plan.ACME + "\"}, \"kind\": \"throttle\", \"times\": -1"
                + field + "}]");
        long before = refused(world);
        var looked = new AtomicLong();
        World.until(() -> {
            long now = System.nanoTime();
            boolean came = refused(world) > before;
            looked.set(came ? looked.get() : now);
            return came;
        });
        pause(UNDER_WAY);
        long underWay = refused(world);
        long early = rest.minus(Duration.ofMillis(200)).toNanos(); // so that those that waited meet no other storm
        long sent = 0;
        int looks = 0;
        long now = underWay;
        for (; System.nanoTime() - looked.get() < early; looks++) {
            sent = now - underWay;
            pause(LOOK);
            now = refused(world);
        }
        assertThat(looks).as("on a machine that lets anybody look").isGreaterThan(10);
        world.calm();
        return sent;
    }

    private static long refused(World world) {
        var counts = world.simulator().stats().resources().get(Plan.ACME);
        return counts == null ? 0 : counts.refused();
    }

    @Test
    @Proves(Row.U5)
    void readsAreSentAgainWithinTheirBudgetAndWritesAreNot() {
        int count = 1_000;
        int writes = 100;
        try (var world = new World(new Plan().set("retry.budget-per-second", "0"));
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            callers.ask(World.ask(replica, "/contacts/c1")).join();
            world.misbehave(IntStream.range(0, count)
                    .mapToObj(i -> "{\"kind\": \"fail\", \"after\": " + (2 * i + 1) + "}")
                    .collect(Collectors.joining(", ", "[", "]")));
            long before = world.simulator().stats().accepted();
            var reads = all(callers, count, i -> World.ask(replica, "/contacts/c1"));
            long read = world.simulator().stats().accepted() - before;
            var written = all(callers, writes, i -> write(replica));
            long wrote = world.simulator().stats().accepted() - before - read;

            report(
                    "%d reads were sent %d times (%.2f), %d of them served; %d POSTs %d times",
                    count, read, (double) read / count, Callers.count(reads, Answer::isOk), writes, wrote);
            assertThat((double) read / count).isLessThanOrEqualTo(1.2);
            assertThat(wrote).isEqualTo(written.size());
            assertThat(Callers.count(reads, Answer::isBroken)).isZero();
        }
    }

    @Test
    @Proves(Row.U6)
    void whatCloudflareSaysIsPassedOn() {
        try (var world = new World(new Plan())) {
            var replica = world.start(1).get(0);
            world.send(World.ask(replica, "/contacts/c1"));
            var statuses = List.of(403, 520, 521, 522, 523, 524, 525, 526, 527);
            int unchanged = 0;
            for (int status : statuses) {
                var page = "<html>Cloudflare " + status + "</html>";
                world.misbehave("[{\"kind\": \"fail\", \"as\": \"html\", \"status\": " + status + ", \"body\": \""
                        + page + "\"}]");
                var answer = world.send(write(replica));
                boolean same = answer.statusCode() == status
                        && answer.body().equals(page)
                        && answer.headers().firstValue("X-Gateway-Error").isEmpty();
                unchanged += same ? 1 : 0;
            }
            report("%d of %d pages passed on byte for byte, each sent once", unchanged, statuses.size());
            assertThat(unchanged).isEqualTo(statuses.size());
            assertThat(world.simulator().stats().accepted()).isEqualTo(1L + statuses.size());
        }
    }

    /** So many, a few at once. */
    private static List<Answer> all(Callers callers, int count, IntFunction<HttpRequest.Builder> request) {
        var free = new Semaphore(AT_ONCE);
        var asked = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < count; i++) {
            free.acquireUninterruptibly();
            asked.add(callers.ask(request.apply(i)).whenComplete((answer, never) -> free.release()));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    static HttpRequest.Builder write(Replica replica) {
        return World.ask(replica, "/contacts/")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"firstName\": \"Ada\", \"locationId\": \"" + Plan.ACME + "\"}"));
    }
}
