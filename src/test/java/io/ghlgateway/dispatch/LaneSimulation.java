package io.ghlgateway.dispatch;

import io.ghlgateway.credentials.PrivateTokenSource;
import io.ghlgateway.credentials.Token;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Failed.Stage;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls of several event loops before one budget, all on one thread in an order drawn from a seed, so that a failure can
 * be had again. What must hold at every send is looked at there; {@link #finish} lets all time pass.
 */
final class LaneSimulation {

    static final Duration PERMIT_TTL = Duration.ofMillis(50);

    private static final Tenant TENANT = new Tenant("acme", App.PRIVATE, Resource.location("loc1"));
    private static final Caller CALLER = Callers.any("billing");
    private static final Duration[] PATIENCE = {
        Duration.ZERO,
        Duration.ofMillis(20),
        Duration.ofSeconds(1),
        Duration.ofSeconds(8),
        Duration.ofSeconds(12),
        Duration.ofSeconds(25),
        Duration.ofSeconds(60)
    };

    /** A call and what was seen of it. */
    static final class Ride {
        final int number;
        final Call call;
        final Loop loop;
        int ends;
        long endedAt;
        int sends;

        @Nullable
        Outcome outcome;

        Ride(int number, Call call, Loop loop) {
            this.number = number;
            this.call = call;
            this.loop = loop;
        }
    }

    /** An event loop: what is done on it runs at once, what comes from elsewhere in its own time. */
    final class Loop implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final Dispatcher dispatcher;

        Loop() {
            var tokens = new PrivateTokenSource(Map.of(TENANT, new Token(Token.Kind.PRIVATE, Secret.of("pit-1"))));
            dispatcher = new Dispatcher(lanes, tokens, this::connect, retries);
        }

        @Override
        public void execute(Runnable task) {
            if (running == this || !hops) {
                task.run();
            } else {
                tasks.add(task);
            }
        }

        void on(Runnable task) {
            var before = running;
            running = this;
            task.run();
            running = before;
        }

        void turn(int most) {
            for (int n = Math.min(most, tasks.size()); n > 0; n--) {
                on(tasks.remove());
            }
        }

        private Future<Upstream.Exchange> connect(UpstreamRequest request, Secret bearer) {
            expect(running == this || !hops, "connects at home");
            if (!slowConnects) {
                return Future.succeededFuture(new Flight(request));
            }
            Promise<Upstream.Exchange> promise = Promise.promise();
            connecting.add(() -> on(() -> {
                if (random.nextInt(10) == 0) {
                    promise.fail(new Upstream.Failed(Stage.CONNECT, "refused"));
                } else {
                    promise.complete(new Flight(request));
                }
            }));
            return promise.future();
        }
    }

    private final class Flight implements Upstream.Exchange {
        private final Ride ride;
        private boolean sent;
        private boolean over;

        Flight(UpstreamRequest request) {
            ride = rides.get(Integer.parseInt(request.uri().substring(1)));
            open++;
        }

        @Override
        public Future<Reply> send() {
            expect(!sent && !over, "a connection is used once, and not after it was given back");
            sent = true;
            open--;
            sent(ride);
            return answer();
        }

        @Override
        public void abandon() {
            if (!over && !sent) {
                open--;
            }
            over = true;
        }

        private Future<Reply> answer() {
            if (!troubles) {
                return Future.succeededFuture(replies.reply(200));
            }
            return switch (random.nextInt(12)) {
                case 0 -> Future.succeededFuture(replies.reply(429, "retry-after", "" + random.nextInt(1, 9)));
                case 1 -> Future.succeededFuture(replies.reply(503));
                case 2 -> Future.failedFuture(new Upstream.Failed(Stage.BROKEN, "reset"));
                default -> Future.succeededFuture(replies.reply(200));
            };
        }
    }

    final FakeTime time = new FakeTime();
    final FakeBudget budget;
    final List<Ride> rides = new ArrayList<>();
    final List<Integer> sent = new ArrayList<>();
    final Lanes lanes;
    final List<String> broken = new ArrayList<>();
    int open;
    int lost;
    boolean hops;
    boolean slowConnects;
    boolean troubles;
    boolean departures;
    boolean urgencies;

    private final SplittableRandom random;
    private final Retries retries;
    private final FakeUpstream replies = new FakeUpstream();
    private final List<Runnable> connecting = new ArrayList<>();
    private final Map<Integer, Loop> loops = new HashMap<>();
    private @Nullable Loop running;
    private final DispatchEvents events = new DispatchEvents() {
        @Override
        public void sent(BudgetKey key, String caller, Duration sincePaid) {
            expect(sincePaid.compareTo(PERMIT_TTL) <= 0, "a permit is sent before it is too old");
        }

        @Override
        public void cameBack(BudgetKey key, Duration upstream) {}

        @Override
        public void upstream429(BudgetKey key) {}

        @Override
        public void permitLost(BudgetKey key) {
            lost++;
        }
    };

    LaneSimulation(long seed) {
        random = new SplittableRandom(seed);
        budget = new FakeBudget(time, random.nextInt(1, 12));
        retries = new Retries(3, Set.of(), 20, 10, time, random.split());
        lanes = new Lanes(
                key -> budget,
                Optional.empty(),
                time,
                time,
                new Lanes.Bounds(random.nextInt(5, 60), 1_000, 1_000_000),
                PERMIT_TTL,
                events);
        for (int i = 0; i < 3; i++) {
            loops.put(i, new Loop());
        }
    }

    /** One thing happens. */
    void step() {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> arrive(PATIENCE[random.nextInt(PATIENCE.length)]);
            case 5 -> {
                if (departures && !rides.isEmpty()) {
                    hangUp(rides.get(random.nextInt(rides.size())));
                }
            }
            case 6 -> budget.answer();
            case 7, 8 -> connectOne();
            case 9, 10 -> loops.get(random.nextInt(loops.size())).turn(random.nextInt(1, 4));
            case 11 -> time.pass(Duration.ofMillis(random.nextInt(1, 30)));
            case 12 -> settleBefore(Duration.ofMillis(random.nextInt(1, 4_000)));
            default -> {
                if (troubles && random.nextInt(20) == 0) {
                    budget.hold(Duration.ofMillis(random.nextInt(1, 15_000)));
                }
            }
        }
    }

    Ride arrive(Duration patience) {
        var loop = loops.get(random.nextInt(loops.size()));
        var request = new UpstreamRequest(
                random.nextBoolean() ? HttpMethod.GET : HttpMethod.POST,
                "/" + rides.size(),
                MultiMap.caseInsensitiveMultiMap(),
                RequestBody.whole(Buffer.buffer("body")));
        var call = new Call(
                CALLER,
                TENANT,
                Route.unknown(HttpMethod.GET),
                request,
                Deadline.after(time.read(), patience),
                urgencies ? new Urgency(random.nextInt(8)) : Urgency.UNSAID,
                loop);
        var ride = new Ride(rides.size(), call, loop);
        rides.add(ride);
        loop.on(() -> loop.dispatcher.dispatch(call).onComplete((outcome, failure) -> {
            ride.ends++;
            ride.outcome = outcome;
            ride.endedAt = time.read();
            expect(failure == null, "only a defect fails: " + failure);
        }));
        return ride;
    }

    /** Nothing more comes; all that is under way ends, and all time passes. */
    void finish() {
        budget.slow = false;
        slowConnects = false;
        troubles = false;
        for (int i = 0; i < 200; i++) {
            settleBefore(Duration.ofSeconds(1));
        }
    }

    /** What the world owes is paid promptly, then time passes. */
    void settleBefore(Duration pause) {
        for (int quiet = 0; quiet < 3; ) {
            int before = owed();
            while (!connecting.isEmpty()) {
                connectOne();
            }
            budget.answer();
            loops.values().forEach(loop -> loop.turn(Integer.MAX_VALUE));
            quiet = before == 0 && owed() == 0 ? quiet + 1 : 0;
        }
        time.pass(pause);
    }

    private int owed() {
        return connecting.size()
                + budget.owed()
                + loops.values().stream().mapToInt(loop -> loop.tasks.size()).sum();
    }

    private void connectOne() {
        if (!connecting.isEmpty()) {
            connecting.remove(random.nextInt(connecting.size())).run();
        }
    }

    private static void hangUp(Ride ride) {
        ride.loop.on(ride.call::hangUp);
    }

    private void sent(Ride ride) {
        var deadline = ride.call.deadline();
        sent.add(ride.number);
        ride.sends++;
        expect(sent.size() + lost <= budget.paid, "what is sent is paid");
        expect(ride.ends == 0, "nothing is sent that has ended");
        expect(!ride.call.isGone(), "nothing is sent for a caller that is gone");
        expect(deadline.isImpatient() || !deadline.isOver(time.read()), "nothing is sent after its deadline");
    }

    /** Noted, not thrown: a chain of futures would swallow it. */
    private void expect(boolean truth, String rule) {
        if (!truth) {
            broken.add(rule + ": broken at " + time.read() + " with " + sent.size() + " sent");
        }
    }
}
