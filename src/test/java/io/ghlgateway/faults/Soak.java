package io.ghlgateway.faults;

import io.ghlgateway.faults.Callers.Answer;
import io.ghlgateway.redis.RedisProcess;
import io.ghlgateway.simulator.Latency;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Three replicas, mixed traffic, and a fault drawn at random every twenty seconds: {@code main(MINUTES [SEED])}. Ends with a
 * line of JSON, and with 1 where anything was refused upstream or counted over the quota, a request had no answer, a token was
 * lost, or memory or descriptors did not come back.
 */
final class Soak {

    private static final int QUOTA = 60;
    private static final int INSTALLED = 10;
    private static final Duration INTERVAL = Duration.ofSeconds(6);
    private static final Duration GUARD = Duration.ofSeconds(2);
    private static final Duration EVERY = Duration.ofSeconds(20);
    private static final double MORE_MEMORY = 1.3;

    private final SplittableRandom random;
    private final RedisProcess redis;
    private final World world;
    private final List<Replica> replicas;
    private final List<String> faults = new ArrayList<>();

    private Soak(long seed, RedisProcess redis, World world, List<Replica> replicas) {
        this.random = new SplittableRandom(seed);
        this.redis = redis;
        this.world = world;
        this.replicas = replicas;
    }

    public static void main(String[] arguments) throws IOException {
        var length = Duration.ofMinutes(Long.parseLong(arguments[0]));
        long seed = arguments.length > 1
                ? Long.parseLong(arguments[1])
                : ThreadLocalRandom.current().nextLong(1_000_000);
        System.err.println("seed " + seed);
        Path journals = Files.createTempDirectory("soak");
        var plan = Installed.plan(journals, INSTALLED)
                .quota(QUOTA, INTERVAL, GUARD)
                .highLevel(all -> all.latency(Latency.parse("20ms..120ms")));
        boolean sound;
        try (var redis = RedisProcess.started("appendonly yes")) {
            plan.set("redis.uri", "\"redis://127.0.0.1:" + redis.port() + "\"");
            try (var world = new World(plan)) {
                var replicas = new ArrayList<Replica>();
                for (int i = 0; i < 3; i++) {
                    replicas.add(world.start(plan.set("credentials.journal", "\"" + journals.resolve("r" + i) + "\"")));
                }
                replicas.forEach(Replica::untilReady);
                sound = new Soak(seed, redis, world, replicas).run(length);
            }
        }
        System.exit(sound ? 0 : 1);
    }

    private boolean run(Duration length) throws IOException {
        var installed = new Installed(world, INSTALLED);
        installed.install(replicas.get(0));
        List<Answer> answers;
        List<Long> memory;
        long lost;
        try (var callers = new Callers()) {
            for (var tenant : List.of("acme", "globex")) {
                callers.every(
                        Duration.ofMillis(150),
                        i -> World.ask(replicas.get(i % 3), "/contacts/c" + i % 50)
                                .header("X-Tenant", tenant)
                                .header("Prefer", "wait=" + i % 15));
            }
            callers.every(Duration.ofMillis(700), i -> UpstreamFaults.write(replicas.get(i % 3)));
            callers.every(
                    Duration.ofMillis(500),
                    i -> World.ask(
                            replicas.get(i % 3),
                            "/contacts/?locationId=" + installed.locations().get(i % INSTALLED)));
            FaultTest.pause(EVERY);
            replicas.forEach(replica -> replica.jcmd("GC.run"));
            replicas.forEach(world::atRest);
            memory = replicas.stream().map(Replica::resident).toList();
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                strike(installed);
                FaultTest.pause(EVERY.minusSeconds(4));
            }
            world.calm();
            FaultTest.pause(EVERY);
            answers = callers.stop();
        }
        world.untilAll("ok");
        lost = replicas.stream()
                .mapToLong(replica -> installed.lost(replica).size())
                .sum();
        replicas.forEach(replica -> replica.jcmd("GC.run"));
        boolean grown = false;
        for (int i = 0; i < replicas.size(); i++) {
            grown |= replicas.get(i).resident() > memory.get(i) * MORE_MEMORY;
        }
        var account = world.simulator().stats();
        long broken = Callers.count(answers, Answer::isBroken);
        long struck = account.resources().values().stream()
                .mapToLong(each -> each.refused())
                .sum();
        System.out.println(new JsonObject()
                .put("asked", answers.size())
                .put("ok", Callers.count(answers, each -> each.status() / 100 == 2))
                .put("broken", broken)
                .put("accepted", account.accepted())
                .put("refused", struck)
                .put("busiest", world.busiest())
                .put("of", QUOTA)
                .put("tokensLost", lost)
                .put("rssBeforeKiB", memory)
                .put("rssAfterKiB", replicas.stream().map(Replica::resident).toList())
                .put("faults", faults)
                .encode());
        return struck == 0 && broken == 0 && lost == 0 && !grown && world.busiest() <= QUOTA;
    }

    /** One of those after which every request must still have an answer; four seconds of it. */
    private void strike(Installed installed) throws IOException {
        var names = List.of(
                "redis killed",
                "redis hangs",
                "scripts forgotten",
                "refused",
                "stalled",
                "slow",
                "503s",
                "tokens' answers lost");
        var name = names.get(random.nextInt(names.size()));
        faults.add(name);
        System.err.println(name);
        var highLevel = world.highLevel();
        switch (name) {
            case "redis killed" -> {
                redis.kill();
                FaultTest.pause(Duration.ofSeconds(4));
                redis.start();
            }
            case "redis hangs" -> {
                redis.freeze();
                FaultTest.pause(Duration.ofSeconds(4));
                redis.goOn();
            }
            case "scripts forgotten" -> redis.ask("SCRIPT", "FLUSH");
            case "refused" -> {
                highLevel.refuse();
                FaultTest.pause(Duration.ofSeconds(4));
                highLevel.connect();
            }
            case "stalled" -> {
                highLevel.stall();
                FaultTest.pause(Duration.ofSeconds(1)); // below the guard: what is held up arrives together
                highLevel.flow();
            }
            case "slow" -> {
                highLevel.delay(Duration.ofMillis(300));
                FaultTest.pause(Duration.ofSeconds(4));
                highLevel.delay(Duration.ZERO);
            }
            case "503s" -> world.misbehave("[{\"kind\": \"fail\", \"times\": 20}]");
            default -> {
                world.misbehave("[{\"match\": {\"path\": \"/oauth/token\"}, \"kind\": \"drop\", \"times\": 3}]");
                installed.locations().forEach(each -> installed.refresh(replicas.get(random.nextInt(3)), each));
            }
        }
    }
}
