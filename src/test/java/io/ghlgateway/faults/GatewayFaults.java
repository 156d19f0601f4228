package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.faults.Callers.Answer;
import io.ghlgateway.simulator.Latency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What callers, operators and the machine do to a replica. */
class GatewayFaults extends FaultTest {

    private static final int WARM = 1_000;
    private static final int AT_ONCE = 50;
    private static final int IN_LINE = 300;

    @TempDir
    private Path directory;

    GatewayFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.G1)
    void whoIsToldToEndCutsNothingAndTellsThoseWhoWait() {
        var drain = Duration.ofSeconds(9);
        try (var world = new World(line(Duration.ofSeconds(2)).set("drain.timeout", drain.toMillis() + "ms"));
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            callers.ask(World.ask(replica, "/contacts/c1")).join(); // so that its quota is known
            var all = callers.ask(AT_ONCE + IN_LINE, i -> World.ask(replica, "/contacts/c1"));
            World.until(
                    () -> { // or who comes later finds no door, and was not cut
                        long done =
                                all.stream().filter(CompletableFuture::isDone).count();
                        return done + world.metric(replica, "ghl_gateway_queue_depth") >= IN_LINE;
                    });
            long told = System.nanoTime();
            replica.term();
            var answers = Callers.joined(all);
            int code = replica.ended();
            long took = since(told);

            report(
                    "%d under way and %d in line: %d served, %d told, 0 cut; exit %d after %d ms, where the drain is %d ms; %s",
                    AT_ONCE,
                    IN_LINE,
                    Callers.count(answers, Answer::isOk),
                    Callers.count(answers, each -> each.code().equals("draining")),
                    code,
                    took,
                    drain.toMillis(),
                    world.stalls());
            assertThat(answers).allMatch(each -> each.isOk() || each.code().equals("draining"));
            assertThat(Callers.count(answers, Answer::isOk)).isGreaterThanOrEqualTo(AT_ONCE);
            assertThat(code).isZero();
            world.within(took, drain.toMillis() + 1_000);
        }
    }

    @Test
    @Proves(Row.G2)
    void whoIsGoneCostsNothing() throws IOException {
        try (var world = new World(line(Duration.ofSeconds(2)))) {
            var replica = world.start(1).get(0);
            world.send(World.ask(replica, "/contacts/c1"));
            var all = new ArrayList<Dribble>();
            for (int i = 0; i < AT_ONCE + IN_LINE; i++) {
                all.add(Dribble.to(replica.proxy()).say(get("/contacts/c1")));
            }
            World.until(() -> world.metric(replica, "ghl_gateway_queue_depth") >= IN_LINE / 3.0);
            double inLine = world.metric(replica, "ghl_gateway_queue_depth");
            for (var socket : all) {
                socket.close();
            }
            World.until(() -> world.metric(replica, "ghl_gateway_queue_depth") == 0);
            long before = world.simulator().stats().accepted();
            pause(Duration.ofSeconds(3));
            long arrived = world.simulator().stats().accepted() - before;

            report("%d upstream calls for some %.0f who left the line", arrived, inLine);
            assertThat(arrived).isZero();
        }
    }

    /** So many may be under way at once, and the rest is in line. */
    private static Plan line(Duration latency) {
        return new Plan()
                .without("name: billing")
                .caller("{name: billing, key: " + Plan.KEY
                        + ", tenants: [acme, globex], default-tenant: acme, quota: {concurrency: " + AT_ONCE + "}}")
                .highLevel(all -> all.latency(Latency.parse(latency.toMillis() + "ms")));
    }

    @Test
    @Proves(Row.G3)
    void whoIsSlowIsLetGoAndOthersAreServed() throws IOException {
        int each = 100;
        var plan = new Plan()
                .set("proxy.header-timeout", "1s")
                .set("proxy.body-timeout", "2s")
                .set("proxy.write-timeout", "2s")
                .set("proxy.idle-timeout", "30s");
        try (var world = new World(plan);
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            callers.every(Duration.ofMillis(100), i -> World.ask(replica, "/contacts/c1"));
            var heads = new ArrayList<Dribble>();
            var bodies = new ArrayList<Dribble>();
            var hands = new ArrayList<Dribble>();
            for (int i = 0; i < each; i++) {
                heads.add(Dribble.to(replica.proxy()).say("GET /contacts/c1 HTTP/1.1\r\nHost: x\r\nX-Slow: "));
                bodies.add(Dribble.to(replica.proxy())
                        .say("POST /contacts/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Plan.KEY
                                + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"));
                hands.add(Dribble.to(replica.proxy()).say(get("/simulate/download?bytes=30000000")));
            }
            long began = System.nanoTime();
            World.until(() -> Dribble.ended(heads) == each);
            World.until(() -> Dribble.ended(bodies) == each);
            World.until(
                    () -> world.metric(replica, "ghl_gateway_requests_total{caller=\"billing\",outcome=\"caller_gone\"")
                            >= each);
            long took = since(began);
            var answers = callers.stop();

            report(
                    "all of %d slow heads, %d slow bodies and %d slow readers let go within %d ms; of %d callers beside them %d served",
                    each, each, each, took, answers.size(), Callers.count(answers, Answer::isOk));
            assertThat(answers).allMatch(Answer::isOk);
            world.within(took, 15_000); // half of what an idle connection may take
            for (var hand : hands) {
                hand.close();
            }
        }
    }

    @Test
    @Proves(Row.G4)
    void whatIsTooLargeIsRefusedAndCostsNoMemory() throws IOException {
        int each = 100;
        var plan = new Plan().set("proxy.max-body", "1MiB");
        try (var world = new World(plan)) {
            var replica = world.start("-Xms192m", "-XX:+AlwaysPreTouch").untilReady();
            world.send(World.ask(replica, "/contacts/c1"));
            world.atRest(replica);
            long before = replica.resident();
            var post = "POST /contacts/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Plan.KEY
                    + "\r\nX-Tenant: acme\r\nContent-Type: application/octet-stream\r\n";
            var chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
            var heads = new ArrayList<Dribble>();
            var bodies = new ArrayList<Dribble>();
            var chunks = new ArrayList<Dribble>();
            for (int i = 0; i < each; i++) {
                heads.add(Dribble.to(replica.proxy())
                        .say("GET /contacts/c1 HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(60_000)));
                bodies.add(Dribble.to(replica.proxy()).say(post + "Content-Length: 10000000000\r\n\r\n"));
                chunks.add(Dribble.to(replica.proxy()).say(post + "Transfer-Encoding: chunked\r\n\r\n"));
            }
            for (int i = 0; i < 80; i++) {
                for (var endless : chunks) {
                    endless.say(chunk);
                }
            }
            var statuses = new ArrayList<String>();
            for (var all : List.of(heads, bodies, chunks)) {
                World.until(() -> Dribble.ended(all) == each);
                statuses.add(Dribble.statuses(all));
            }
            long more = (replica.resident() - before) / 1_024;

            report(
                    "heads %s, bodies %s, endless chunks %s; + %d MB",
                    statuses.get(0), statuses.get(1), statuses.get(2), more);
            assertThat(statuses.get(0)).isEqualTo("[431]");
            assertThat(statuses.get(1)).isEqualTo("[413]");
            assertThat(statuses.get(2)).isEqualTo("[413]");
            assertThat(more).isLessThanOrEqualTo(50);
        }
    }

    @Test
    @Proves(Row.G5)
    void noMoreConnectionsAreTakenThanThereIsRoomFor() throws IOException {
        int room = count(5_000, 9_900);
        int beyond = count(300, 8_600);
        var plan =
                new Plan().set("proxy.max-connections", Integer.toString(room)).set("proxy.header-timeout", "120s");
        try (var world = new World(plan);
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            for (int i = 0; i < WARM; i++) { // a JVM that has just started is no fault of theirs
                callers.ask(World.ask(replica, "/contacts/c1")).join();
            }
            var idle = new ArrayList<Dribble>();
            for (int i = 0; i < room - 100; i++) {
                idle.add(Dribble.to(replica.proxy()));
            }
            World.until(() -> world.metric(replica, "ghl_gateway_connections{door=\"proxy\"") >= room - 100);
            var answers = new ArrayList<Answer>();
            for (int i = 0; i < 500; i++) {
                answers.add(callers.ask(World.ask(replica, "/contacts/c1")).join());
            }
            for (int i = 0; i < beyond; i++) {
                idle.add(Dribble.to(replica.proxy()));
            }
            World.until(() -> Dribble.ended(idle) >= beyond - 100);
            int held = (int) world.metric(replica, "ghl_gateway_connections{door=\"proxy\"");
            for (var each : idle) {
                each.close();
            }

            report(
                    "%d idle connections: p99 %d ms of 500 requests; %d of %d beyond the room refused, %d held of %d; %s",
                    room - 100,
                    Callers.percentile(answers, 0.99),
                    Dribble.ended(idle.subList(room - 100, idle.size())),
                    beyond,
                    held,
                    room,
                    world.stalls());
            assertThat(answers).allMatch(Answer::isOk);
            assertThat(held).isLessThanOrEqualTo(room);
            world.within(Callers.percentile(answers, 0.99), 10);
        }
    }

    @Test
    @Proves(Row.G7)
    void whenTheDayIsSpentNobodyIsSent() {
        var plan = new Plan().daily(30);
        try (var world = new World(plan);
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            for (int i = 0; i < 5; i++) {
                callers.ask(World.ask(replica, "/contacts/c1")).join();
            }
            var answers = Callers.joined(callers.ask(100, i -> World.ask(replica, "/contacts/c1")));
            var told = world.send(World.ask(replica, "/contacts/c1"));
            var account = world.simulator().stats();

            report(
                    "%d of 30 sent, %d sent in vain; %s, at most %d ms; Retry-After %s s",
                    account.accepted(),
                    account.refused(),
                    Callers.shape(answers),
                    Callers.percentile(answers, 1),
                    told.headers().firstValue("Retry-After").orElse("none"));
            assertThat(account.accepted()).isBetween(20L, 30L);
            assertThat(account.refused()).isZero();
            assertThat(told.headers().firstValue("X-Gateway-Error")).hasValue("daily_exhausted");
            assertThat(Long.parseLong(told.headers().firstValue("Retry-After").orElseThrow()))
                    .as("a day, and what its window is longer")
                    .isBetween(1L, 90_000L);
        }
    }

    @Test
    @Proves(Row.G8)
    void noEventLoopIsHeldUp() {
        try (var world = new World(new Plan().quota(100_000, Duration.ofSeconds(10), Duration.ofMillis(500)));
                var callers = new Callers()) {
            // As operators run it: all that its JVM can make of it, and Netty looking at one buffer of a hundred or so.
            var replica = world.start("-XX:TieredStopAtLevel=4", "-Dio.netty.leakDetection.level=simple")
                    .untilReady();
            world.atRest(replica);
            long begun = System.nanoTime();
            while (since(begun) < 15_000) { // until it is warm, and compiled: as fast as it gets, and nothing piles up
                Callers.joined(callers.ask(8, i -> World.ask(replica, "/contacts/c1")));
            }
            callers.every(Duration.ofMillis(5), i -> World.ask(replica, "/contacts/c1"));
            pause(Duration.ofSeconds(1));
            double looks = looks(world, replica, "late_seconds_count");
            double within = looks(world, replica, "late_seconds_bucket{le=\"0.01\"}");
            double idle = looks(world, replica, "busy_seconds_bucket{le=\"0.01\"}");
            try (var machine = new Hiccups();
                    var waits = new CpuWaits(replica.pid())) {
                pause(Duration.ofSeconds(30));
                double waited = waits.count();
                looks = looks(world, replica, "late_seconds_count") - looks;
                within = looks(world, replica, "late_seconds_bucket{le=\"0.01\"}") - within;
                idle = looks(world, replica, "busy_seconds_bucket{le=\"0.01\"}") - idle;
                callers.stop();
                double late = 1 - within / looks;

                report(
                        "%.2f %% of %.0f looks at the loops later than 10 ms under 200 requests/s; %.0f times they waited so long for a CPU; in"
                                + " %.2f %% the loop itself was at work so long; %.2f %% of looks at a thread of another process; %d"
                                + " loops told of as blocked",
                        100 * late,
                        looks,
                        waited,
                        100 * (1 - idle / looks),
                        100 * machine.late(),
                        replica.log()
                                .lines()
                                .filter(line -> line.contains("has been blocked"))
                                .count());
                assertThat(replica.log()).doesNotContain("has been blocked");
                // What the machine did to them is not theirs; and where it holds up threads that have nothing to do,
                // this tells nothing.
                assertThat(late)
                        .isLessThanOrEqualTo(machine.late() < 0.01 ? 0.01 + waited / looks + 4 * machine.late() : 1);
            }
        }
    }

    private static double looks(World world, Replica replica, String which) {
        return world.metric(replica, "ghl_gateway_event_loop_" + which);
    }

    @Test
    @Proves(Row.G9)
    void tenTimesWhatTheQuotaAllowsIsShedAndTheQuotaIsUsed() {
        int perSecond = 20;
        var plan = new Plan()
                .quota(perSecond * 4, Duration.ofSeconds(4), Duration.ofSeconds(2))
                .set("queue.per-lane", "500");
        try (var world = new World(plan);
                var callers = new Callers()) {
            var replica =
                    world.start("-Xmx256m", "-Xms256m", "-XX:+AlwaysPreTouch").untilReady();
            world.send(World.ask(replica, "/contacts/c1"));
            world.atRest(replica);
            callers.every(
                    Duration.ofMillis(5),
                    i -> World.ask(replica, "/contacts/c1").header("Prefer", i % 2 == 0 ? "wait=5" : "wait=0"));
            pause(Duration.ofSeconds(12));
            long before = replica.resident();
            long accepted = world.simulator().stats().accepted();
            long start = System.nanoTime();
            var time = Duration.ofSeconds(count(24, 600)); // windows of the quota, which are 6 s
            long late;
            try (var machine = new Hiccups()) {
                pause(time);
                late = TimeUnit.MICROSECONDS.toMillis(machine.p99Micros());
            }
            double used = (world.simulator().stats().accepted() - accepted) * 1e3 / since(start) / perSecond;
            long after = replica.resident();
            var answers = callers.stop();
            var refused = answers.stream()
                    .filter(each -> !each.isOk() && each.asked() > start && !each.isBroken())
                    .toList();
            double goodput = used / (4.0 / 6.0); // what the guard leaves of it

            report(
                    "in %d s %d asked, %.1f %% of what the quota allows sent, %d refused upstream; refusals p50 %d ms, p99 %d ms; memory %+.1f %% of %d MB; %s",
                    time.toSeconds(),
                    answers.size(),
                    100 * goodput,
                    world.simulator().stats().refused(),
                    Callers.percentile(refused, 0.5),
                    Callers.percentile(refused, 0.99),
                    100.0 * (after - before) / before,
                    before / 1_024,
                    Callers.shape(answers));
            assertThat(Callers.count(answers, Answer::isBroken)).isZero();
            assertThat(goodput).isGreaterThanOrEqualTo(0.9);
            assertThat(Callers.percentile(refused, 0.5))
                    .as("of 5 ms, where a thread that does nothing was late by %d ms", late)
                    .isLessThanOrEqualTo(5 + late);
            assertThat(Math.abs(after - before)).isLessThanOrEqualTo(before / 20);
        }
    }

    @Test
    @Proves(Row.G10)
    void aWrongConfigurationEndsAtOnceAndIsTold() throws IOException {
        var config = Files.writeString(directory.resolve("gateway.yaml"), """
                proxi: {port: 0}
                limits: {burst: {request: 100, per: 10s}}
                tenants: [{id: acme, location: x, token: pit-1}]
                callers: [{name: billing, key: some-key-of-billing, tenants: [acme]}]
                """);
        long start = System.nanoTime();
        try (var machine = new Hiccups();
                var replica = new Replica(config, directory.resolve("gateway.log"))) {
            int code = replica.ended();
            long took = since(start);
            report("exit %d after %d ms, both keys named", code, took);
            assertThat(code).isEqualTo(2);
            assertThat(replica.log()).contains("proxi", "proxy", "request", "requests");
            assertThat(took).isLessThanOrEqualTo(2_000 + machine.allowance());
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Plan.KEY + "\r\n\r\n";
    }
}
