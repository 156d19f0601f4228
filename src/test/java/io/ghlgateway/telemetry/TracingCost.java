package io.ghlgateway.telemetry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.dispatch.Deadline;
import io.ghlgateway.dispatch.Urgency;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Not a test: prints what following a request costs on its event loop, where nobody traces, where it is not sampled and where
 * it is. CPU time of the thread, so that a busy machine matters little. Argument: where a collector listens, if one does; else
 * most spans find the queue full and are dropped.
 */
final class TracingCost {

    private static final Ticker TICKER = Ticker.systemTicker();
    private static final MultiMap HEADERS = MultiMap.caseInsensitiveMultiMap()
            .add("Authorization", "Bearer key")
            .add("Accept", "application/json")
            .add("Version", "2021-07-28");
    private static final Call CALL = new Call(
            Callers.any("billing"),
            new Tenant("acme", App.PRIVATE, Resource.location("ve9EPM428h8vShlRW1KT")),
            Route.unknown(HttpMethod.GET),
            new UpstreamRequest(HttpMethod.GET, "/contacts/c1", HEADERS, RequestBody.EMPTY),
            Deadline.after(0, Duration.ofSeconds(25)),
            Urgency.UNSAID,
            Runnable::run);
    private static final HttpServerRequest REQUEST = fake(HttpServerRequest.class);
    private static final Exchange EXCHANGE = fake(Exchange.class);
    private static final Reply REPLY = fake(Reply.class);

    private TracingCost() {}

    public static void main(String[] args) {
        var collector = URI.create(args.length > 0 ? args[0] : "http://127.0.0.1:9/v1/traces");
        var nobody = new EdgeObservers(List.of(new Silent(), new Silent()));
        for (int round = 0; round < 3; round++) {
            if (args.length > 0) {
                timeDelivered(collector); // before what leaves much to be sent behind
            }
            time("nobody traces", 5_000_000, nobody);
            time("not sampled", 500_000, new EdgeObservers(List.of(new Silent(), tracing(collector, 0))));
            time("sampled", 200_000, new EdgeObservers(List.of(new Silent(), tracing(collector, 1))));
        }
        System.exit(0);
    }

    private static Tracing tracing(URI collector, double ratio) {
        return new Tracing(
                new Tracing.Setup(collector, Map.of(), "cost", ratio, false, false, false),
                TICKER,
                InstantSource.system());
    }

    /**
     * The CPU of the threads that pack and send, too. In bursts that the queue has room for, each given the time to be sent; the
     * first ones do not count.
     */
    private static void timeDelivered(URI collector) {
        var events = new EdgeObservers(List.of(new Silent(), tracing(collector, 1)));
        int bursts = 20;
        int requests = 1_000;
        Map<Long, Long> begin = Map.of();
        for (int burst = -20; burst < bursts; burst++) {
            if (burst == 0) {
                begin = cpu();
            }
            for (int i = 0; i < requests; i++) {
                follow(events);
            }
            LockSupport.parkNanos(500_000_000);
        }
        long spent = 0;
        for (var thread : cpu().entrySet()) {
            spent += thread.getValue() - begin.getOrDefault(thread.getKey(), 0L);
        }
        System.out.printf("%-14s %8.1f ns of all threads%n", "delivered", spent / (double) (bursts * requests));
    }

    /** By thread; neither the compiler's nor the collector's. */
    private static Map<Long, Long> cpu() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getAllThreadIds())
                .boxed()
                .collect(Collectors.toMap(id -> id, id -> Math.max(0, threads.getThreadCpuTime(id))));
    }

    private static void time(String what, int times, EdgeEvents events) {
        for (int i = 0; i < times / 4; i++) {
            follow(events);
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begin = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            follow(events);
        }
        System.out.printf(
                "%-14s %8.1f ns %6d B%n",
                what,
                (threads.getCurrentThreadCpuTime() - begin) / (double) times,
                (threads.getCurrentThreadAllocatedBytes() - allocated) / times);
    }

    /** One attempt, as the edge and the dispatcher tell of it. */
    private static void follow(EdgeEvents events) {
        var trace = events.arrived(REQUEST);
        CALL.followedBy(trace);
        trace.waits(1);
        trace.fetchesToken();
        trace.connects();
        trace.connected(null);
        trace.sends(EXCHANGE, trace == CallTrace.NONE ? 0 : TICKER.read());
        trace.cameBack(REPLY, null);
        if (trace != CallTrace.NONE) { // an answer is told anyway
            var took = Duration.ofMillis(40);
            events.answered(new Answer(
                    "id",
                    "ok",
                    "billing",
                    "acme",
                    HttpMethod.GET,
                    "/contacts/{contactId}",
                    200,
                    1,
                    "-",
                    took,
                    took,
                    took,
                    trace));
        }
    }

    private record Silent() implements EdgeEvents {

        @Override
        public void answered(Answer answer) {}

        @Override
        public void defect(String requestId, Throwable cause) {}
    }

    private static <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "method" -> HttpMethod.GET;
                    case "headers" -> HEADERS;
                    case "status" -> 200;
                    default -> null;
                }));
    }
}
