package io.ghlgateway;

import io.ghlgateway.RecordingUpstream.Received;
import io.ghlgateway.http.TestCertificates;
import io.ghlgateway.http.TestCertificates.Made;
import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Two callers and fifty tenants at once, over HTTP/1.1 and HTTP/2, with requests that are given up at any moment, and a
 * simulated HighLevel that throttles, fails and breaks off, so that requests are sent again. Each request says whose it is,
 * in a field that passes; before the simulator, which checks on its own, all that arrives is held against its token.
 *
 * <p>{@code main(EXCHANGES SEED)} ends with a line of JSON; the exit code is 1 where anything was mixed up.
 */
final class Interleavings {

    private static final int TENANTS = 50;
    private static final int AT_ONCE = 64;
    private static final String MARK = "X-Whose";
    /** Clients agree on HTTP/2 over TLS alone. */
    private static final Made SERVER = TestCertificates.make("interleavings", "localhost");

    /**
     * What came of it.
     *
     * @param arrived requests that HighLevel was sent, those sent again included
     * @param mixedUp those of another tenant's token, location or answer
     */
    record Report(int asked, int answered, int givenUp, int refusedHere, int arrived, int mixedUp) {

        @Override
        public String toString() {
            return "{\"asked\":" + asked + ",\"answered\":" + answered + ",\"given_up\":" + givenUp
                    + ",\"refused_here\":" + refusedHere + ",\"arrived\":" + arrived + ",\"mixed_up\":" + mixedUp + "}";
        }
    }

    private final Random random;
    private final URI gateway;
    private final TestBed bed;
    private final RecordingUpstream upstream;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Map<String, List<HttpClient>> callers = new HashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final AtomicInteger refusedHere = new AtomicInteger();
    private final AtomicInteger mixedUp = new AtomicInteger();
    private int arrived;
    private volatile boolean over;

    private Interleavings(long seed, TestBed bed, RecordingUpstream upstream) {
        this.random = new Random(seed);
        this.bed = bed;
        this.gateway = URI.create("https://localhost:" + bed.proxyPort());
        this.upstream = upstream;
        for (var key : List.of("key-of-one", "key-of-two")) {
            callers.put(key, List.of(client(HttpClient.Version.HTTP_1_1), client(HttpClient.Version.HTTP_2)));
        }
    }

    public static void main(String[] args) {
        var report = run(Integer.parseInt(args[0]), Long.parseLong(args[1]));
        System.out.println(report);
        System.exit(report.mixedUp() == 0 ? 0 : 1);
    }

    static Report run(int exchanges, long seed) {
        var vertx = Running.vertx(2);
        try {
            var plan = plan();
            var simulator = TestBed.await(Simulator.start(vertx, plan.simulator()));
            try (var upstream = RecordingUpstream.before(URI.create(simulator.url()));
                    var bed = TestBed.start(plan, upstream.uri())) {
                return new Interleavings(seed, bed, upstream).run(exchanges, URI.create(simulator.url()));
            }
        } finally {
            TestBed.await(vertx.close());
        }
    }

    private static Plan plan() {
        var tokens = IntStream.range(0, TENANTS)
                .boxed()
                .collect(Collectors.toMap(Interleavings::token, tenant -> Account.parse(location(tenant))));
        var plan = new Plan()
                .strict(tokens)
                .set("retry.attempts", "3")
                .set("proxy.tls", "{certificate: \"" + SERVER.certificate() + "\", key: \"" + SERVER.key() + "\"}");
        var names = new ArrayList<String>();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            names.add("t" + tenant);
            plan.tenant("{id: t" + tenant + ", location: " + location(tenant) + ", token: " + token(tenant) + "}");
        }
        for (var name : List.of("one", "two")) {
            plan.caller("{name: " + name + ", key: key-of-" + name + ", tenants: " + names + "}");
        }
        return plan;
    }

    private Report run(int exchanges, URI simulator) {
        var checking = CompletableFuture.runAsync(this::check);
        for (int i = 0; i < exchanges; i++) {
            if (i % 500 == 100) {
                trouble(simulator);
            }
            free.acquireUninterruptibly();
            ask(i);
        }
        free.acquireUninterruptibly(AT_ONCE);
        over = true;
        TestBed.await(checking);
        return new Report(exchanges, answered.get(), givenUp.get(), refusedHere.get(), arrived, mixedUp.get());
    }

    private void ask(int number) {
        int tenant = random.nextInt(TENANTS);
        var key = random.nextBoolean() ? "key-of-one" : "key-of-two";
        var client = callers.get(key).get(random.nextInt(2));
        boolean foreign = random.nextInt(50) == 0; // somebody else's, whom neither caller reaches
        var location = foreign ? Plan.ACME : location(tenant);
        var id = "i-" + number;
        var request = request(random.nextInt(4), tenant, location)
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("X-Request-Id", id)
                .header("Prefer", "wait=5")
                .header(MARK, String.valueOf(tenant))
                .build();
        var answer = client.sendAsync(request, BodyHandlers.ofString());
        if (random.nextInt(4) == 0) {
            long soon = random.nextInt(20_000);
            CompletableFuture.delayedExecutor(soon, TimeUnit.MICROSECONDS).execute(() -> answer.cancel(true));
        }
        answer.whenComplete((there, failure) -> {
            free.release();
            if (there == null) {
                givenUp.incrementAndGet();
            } else {
                judge(there, id, foreign, location);
            }
        });
    }

    private HttpRequest.Builder request(int kind, int tenant, String location) {
        return switch (kind) {
            case 0 -> to("/contacts/?locationId=" + location);
            case 1 -> to("/locations/" + location);
            case 2 ->
                to("/contacts/")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"firstName\":\"A\",\"locationId\":\"" + location + "\"}"));
            default ->
                location.equals(Plan.ACME)
                        ? to("/contacts/c1").header("X-GHL-Location-Id", location)
                        : to("/contacts/c1").header("X-Tenant", "t" + tenant);
        };
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path));
    }

    private void judge(HttpResponse<String> answer, String id, boolean foreign, String location) {
        answered.incrementAndGet();
        boolean ours = answer.headers().firstValue("X-Gateway-Error").isPresent();
        if (ours) {
            refusedHere.incrementAndGet();
        }
        boolean whole = answer.headers().firstValue("X-Request-Id").orElse("").equals(id)
                && (foreign ? ours && answer.statusCode() == 403 : ours || answer.statusCode() != 403)
                && !isOfAnother(answer, location);
        if (!whole) {
            mixedUp.incrementAndGet();
            System.err.println(id + ": " + answer + " " + answer.body());
        }
    }

    private static boolean isOfAnother(HttpResponse<String> answer, String location) {
        if (answer.statusCode() != 200 || !answer.uri().getPath().startsWith("/locations/")) {
            return false;
        }
        var said = new JsonObject(answer.body()).getJsonObject("location", new JsonObject());
        return !location.equals(said.getString("id", location));
    }

    /** What arrives, as it arrives: no request that was given up is left out. */
    private void check() {
        while (!over || upstream.unread() > 0) {
            if (upstream.unread() == 0) {
                LockSupport.parkNanos(1_000_000);
                continue;
            }
            var received = upstream.next();
            arrived++;
            if (!isWhole(received)) {
                mixedUp.incrementAndGet();
                System.err.println(received.requestLine() + " " + received.fields());
            }
        }
    }

    private static boolean isWhole(Received received) {
        var marks = received.values(MARK);
        if (marks.size() != 1) {
            return false;
        }
        int tenant = Integer.parseInt(marks.get(0));
        var said = received.requestLine() + new String(received.body(), StandardCharsets.UTF_8);
        return received.values("Authorization").equals(List.of("Bearer " + token(tenant)))
                && !said.contains(Plan.ACME)
                && (!said.contains("Place") || said.contains(location(tenant)));
    }

    private void trouble(URI simulator) {
        var script = "[{\"kind\":\"fail\",\"times\":20},{\"kind\":\"reset\",\"times\":10,\"after\":20},"
                + "{\"kind\":\"drop\",\"times\":10,\"after\":40},{\"kind\":\"throttle\",\"times\":2,\"after\":60}]";
        bed.send(HttpRequest.newBuilder(simulator.resolve("/_simulator/faults")).POST(BodyPublishers.ofString(script)));
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(SERVER.trusted())
                .build();
    }

    private static String token(int tenant) {
        return "pit-token-of-" + (1_000 + tenant);
    }

    /** Of one length, so that none begins another. */
    private static String location(int tenant) {
        return "Place" + (1_000 + tenant) + "AbCdEfGhIjKl";
    }
}
