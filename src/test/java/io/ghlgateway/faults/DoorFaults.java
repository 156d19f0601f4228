package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.faults.Callers.Answer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What the way from callers to a replica does to what they send, and to what they are sent. */
class DoorFaults extends FaultTest {

    private static final int WRITES = 500;
    private static final int PADDING = 2_000;
    private static final int PAGE = 100;
    private static final String GONE = "ghl_gateway_requests_total{caller=\"billing\",outcome=\"caller_gone\"";

    DoorFaults(TestReporter reporter) {
        super(reporter);
    }

    /** Half of them tell their length, and half do not. */
    @Test
    @Proves(Row.G2)
    void whatIsCutOnItsWayIsNeverSentAsAWhole() {
        var random = new Random(7);
        try (var world = new World(new Plan());
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            var door = world.before(replica);
            var refused = new AtomicInteger(); // by HighLevel, to which a part that it took for the whole is no JSON
            world.highLevel().watch(bytes -> refused.addAndGet(isRefusal(bytes) ? 1 : 0));
            door.cutRequestsAfter(() -> random.nextInt(5_000));
            var answers = IntStream.range(0, WRITES)
                    .mapToObj(i -> callers.ask(write(door, i)).join())
                    .toList();
            door.cutNoMore();
            var arrived = contacts(world, replica);

            var heard = IntStream.range(0, WRITES)
                    .filter(i -> answers.get(i).status() == 201)
                    .mapToObj(Integer::toString)
                    .toList();
            var names =
                    arrived.stream().map(each -> each.getString("firstName")).toList();
            report(
                    "of %d POSTs %d were cut; %d arrived whole, %d in part, %d twice",
                    WRITES,
                    Callers.count(answers, Answer::isBroken),
                    arrived.size(),
                    refused.get(),
                    names.size() - names.stream().distinct().count());
            assertThat(Callers.count(answers, Answer::isBroken)).isPositive();
            assertThat(answers).allMatch(each -> each.isBroken() || each.status() == 201);
            assertThat(refused).hasValue(0);
            assertThat(heard).isNotEmpty();
            assertThat(world.metric(replica, GONE))
                    .as("and not only heads were cut")
                    .isPositive();
            assertThat(arrived)
                    .allMatch(each -> each.getString("companyName", "").length() == PADDING
                            && each.getString("firstName") != null);
            assertThat(names).doesNotHaveDuplicates().containsAll(heard);
        }
    }

    private static boolean isRefusal(byte[] answer) {
        return new String(answer, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 4");
    }

    private static HttpRequest.Builder write(FaultProxy door, int name) {
        var json = "{\"firstName\": \"" + name + "\", \"companyName\": \"" + "x".repeat(PADDING)
                + "\", \"locationId\": \"" + Plan.ACME + "\"}";
        return World.ask(door, "/contacts/")
                .header("Content-Type", "application/json")
                .POST(name % 2 == 0 ? BodyPublishers.ofString(json) : chunked(json));
    }

    private static BodyPublisher chunked(String text) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** All that HighLevel has. */
    private static List<JsonObject> contacts(World world, Replica replica) {
        var all = new ArrayList<JsonObject>();
        int before;
        do {
            before = all.size();
            var page = world.send(
                    World.ask(replica, "/contacts/?locationId=" + Plan.ACME + "&limit=" + PAGE + "&skip=" + before));
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            new JsonObject(page.body()).getJsonArray("contacts").forEach(each -> all.add((JsonObject) each));
        } while (all.size() - before == PAGE);
        return all;
    }

    @Test
    @Proves(Row.G2)
    void whoseConnectionIsResetLeavesTheLineAndTakesItsGetAlong() {
        int gets = 40;
        int posts = 10;
        int inLine = 100;
        var latency = Duration.ofSeconds(6);
        var interval = Duration.ofSeconds(8);
        try (var world = new World(new Plan().quota(1 + gets + posts, interval, Duration.ofMillis(500)));
                var callers = new Callers()) {
            var replica = world.start(1).get(0);
            callers.ask(World.ask(replica, "/contacts/c1"))
                    .join(); // so that its quota is known, of which the rest is under way, and who comes then waits
            world.misbehave("[{\"kind\": \"stall\", \"delay\": \"" + latency.toMillis() + "ms\", \"times\": -1}]");
            var door = world.before(replica);
            var all = new ArrayList<>(callers.ask(posts, i -> write(door, i)));
            all.addAll(callers.ask(gets, i -> World.ask(door, "/contacts/c1")));
            World.until(() -> world.simulator().stats().faults() >= gets + posts);
            all.addAll(callers.ask(inLine, i -> World.ask(door, "/contacts/c1")));
            World.until(() -> world.metric(replica, "ghl_gateway_queue_depth") >= inLine);
            int underWay = world.highLevel().open();
            long before = world.simulator().stats().accepted();
            long reset = System.nanoTime();
            door.refuse(); // who is only reset asks again
            World.until(() -> world.highLevel().open() <= underWay - gets);
            long cancelled = since(reset);
            pause(Duration.ofMillis(500));
            int left = world.highLevel().open();
            World.until(() -> world.metric(replica, "ghl_gateway_queue_depth") == 0);
            long broken = Callers.count(Callers.joined(all), Answer::isBroken);
            pause(interval.plusSeconds(1));
            long more = world.simulator().stats().accepted() - before;
            world.calm();
            int written = contacts(world, replica).size();

            report(
                    "%d reset at once: all %d GETs under way cancelled after %d ms, %d of %d POSTs went on, %d upstream calls for %d in"
                            + " line; %s",
                    broken, gets, cancelled, written, posts, more, inLine, world.stalls());
            assertThat(broken).isEqualTo(all.size());
            world.within(cancelled, 1_000);
            assertThat(underWay).isGreaterThanOrEqualTo(gets + posts);
            assertThat(left).as("those of the POSTs").isGreaterThanOrEqualTo(posts);
            assertThat(written).isEqualTo(posts);
            assertThat(more).isZero();
        }
    }

    @Test
    @Proves(Row.G3)
    void whoseWayStallsIsLetGoAndAllOthersAreServed() {
        int each = 50;
        var delay = Duration.ofMillis(150);
        var idle = Duration.ofSeconds(30);
        var plan = new Plan().set("proxy.write-timeout", "2s").set("proxy.idle-timeout", idle.toSeconds() + "s");
        try (var world = new World(plan);
                var callers = new Callers();
                var readers = new Callers()) {
            var replica = world.start(1).get(0);
            var door = world.before(replica);
            door.delay(delay);
            var late = Callers.joined(callers.ask(each, i -> World.ask(door, "/contacts/c1")));
            callers.every(
                    Duration.ofMillis(100),
                    i -> World.ask(replica, "/contacts/c1").header("X-Tenant", "globex"));
            readers.ask(each, i -> World.ask(door, "/simulate/download?bytes=30000000"));
            World.until(
                    () -> world.simulator().stats().resources().get(Plan.ACME).accepted() >= 2L * each);
            double goneBefore = world.metric(replica, GONE);
            door.stall();
            long stalled = System.nanoTime();
            World.until(() -> world.metric(replica, GONE) >= each);
            long took = since(stalled);
            door.flow();
            door.delay(Duration.ZERO);
            long whole = Callers.count(readers.stop(), Answer::isOk);
            var after = Callers.joined(readers.ask(each, i -> World.ask(door, "/contacts/c1")));
            var answers = callers.stop();

            report(
                    "%d served by a way that takes %d ms; %d readers whose way stalled let go within %d ms, %d of them whole; %d of %d"
                            + " beside them served, and all %d afterwards",
                    Callers.count(late, Answer::isOk),
                    delay.toMillis(),
                    each,
                    took,
                    whole,
                    Callers.count(answers, Answer::isOk),
                    answers.size(),
                    Callers.count(after, Answer::isOk));
            assertThat(late).allMatch(answer -> answer.isOk() && answer.millis() >= 2 * delay.toMillis());
            assertThat(whole).isZero();
            assertThat(goneBefore).isZero();
            world.within(took, idle.toMillis() / 2);
            assertThat(answers).allMatch(Answer::isOk);
            assertThat(after).allMatch(Answer::isOk);
        }
    }
}
