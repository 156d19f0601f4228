package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.simulator.CountingUpstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Replicas that spend one quota, on a clock that moves from event to event: requests come, wait in line, are paid for, travel
 * to the upstream, are counted there or refused, and their replies travel back. A refused one goes back to the head of its
 * line, and its key rests on all replicas, on the others a quarter of a second later, as with a real Redis.
 */
final class ProofRun {

    private static final int AT_ONCE = 16; // as many as a lane has in turn
    private static final int ATTEMPTS = 3;
    private static final Duration MARGIN = Duration.ofMillis(400);
    private static final long WORD_OF_MOUTH = Duration.ofMillis(250).toNanos();
    private static final long LOOK_AGAIN = Duration.ofSeconds(1).toNanos();

    private record Event(long at, long number, Runnable what) {}

    private record Request(long arrived, int attempts, boolean urgent) {}

    /** The requests of one class in a replica. */
    private final class Line {
        private final Replica replica;
        private final Payer payer;
        private final ArrayDeque<Request> waiting = new ArrayDeque<>();
        private boolean asleep;

        Line(Replica replica, Payer payer) {
            this.replica = replica;
            this.payer = payer;
        }

        void pump() {
            while (!waiting.isEmpty() && !asleep) {
                int wanted = Math.min(AT_ONCE, waiting.size());
                int taken = payer.take(wanted);
                for (int i = 0; i < taken; i++) {
                    replica.send(waiting.removeFirst(), payer.paidAt());
                }
                if (taken < wanted) {
                    sleep(payer.pause());
                }
            }
        }

        private void sleep(Duration pause) {
            asleep = true;
            long ns = Math.max(1, Math.min(LOOK_AGAIN, pause.toNanos()));
            at(now() + ns + random.nextLong(1_000_000), () -> {
                asleep = false;
                replica.pump();
            });
        }
    }

    private final class Replica {
        private final Payer payer;
        private final Line urgent;
        private final Line others;

        /** @param bulk pays for those that are not urgent */
        Replica(Payer payer, Payer bulk) {
            this.payer = payer;
            this.urgent = new Line(this, payer);
            this.others = new Line(this, bulk);
        }

        void arrive(Request request) {
            line(request).waiting.addLast(request);
            pump();
        }

        private Line line(Request request) {
            return request.urgent() ? urgent : others;
        }

        void pump() {
            urgent.pump();
            others.pump();
        }

        private void send(Request request, long paidAt) {
            if (request.urgent() && counts) {
                urgentWaits.add((now() - request.arrived()) / 1e9);
            }
            at(now() + jitter(), () -> {
                boolean taken = upstream.takes(now());
                var says = says();
                if (taken) {
                    served(request);
                }
                at(now() + jitter(), () -> hear(request, paidAt, taken, says));
            });
        }

        private void hear(Request request, long paidAt, boolean taken, RateHeaders says) {
            payer.observe(says, paidAt);
            if (taken) {
                return;
            }
            var pause = limit.per().plus(MARGIN).plusMillis(random.nextInt(200));
            payer.upstreamRefused(pause, says, paidAt);
            for (var other : replicas) {
                if (other != this) {
                    at(now() + WORD_OF_MOUTH, () -> other.payer.rest(pause.minusMillis(250)));
                }
            }
            if (request.attempts() + 1 < ATTEMPTS) {
                line(request)
                        .waiting
                        .addFirst(new Request(request.arrived(), request.attempts() + 1, request.urgent()));
                pump();
            }
        }
    }

    private final FakeTime time;
    private final long began;
    private final Limit limit;
    private final CountingUpstream upstream;
    private final ProofJitter jitter;
    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Double> urgentWaits = new ArrayList<>();
    private long number;
    private long waits;
    private long waited;
    private boolean counts;

    ProofRun(FakeTime time, Limit limit, CountingUpstream upstream, ProofJitter jitter, Random random) {
        this.time = time;
        this.began = time.currentTimeNanos();
        this.limit = limit;
        this.upstream = upstream;
        this.jitter = jitter;
        this.random = random;
    }

    void replica(Payer payer) {
        replica(payer, payer);
    }

    /** @param bulk pays for those that are not urgent */
    void replica(Payer payer, Payer bulk) {
        replicas.add(new Replica(payer, bulk));
    }

    /** They come to a replica by chance. */
    void demand(long[] arrivals) {
        for (long each : arrivals) {
            at(began + each, () -> replicas.get(random.nextInt(replicas.size())).arrive(new Request(now(), 0, false)));
        }
    }

    /**
     * They come to a replica by chance, and go before the others.
     *
     * @param asks told of each, at its replica
     */
    void urgentDemand(long[] arrivals, IntConsumer asks) {
        for (long each : arrivals) {
            at(began + each, () -> {
                int to = random.nextInt(replicas.size());
                asks.accept(to);
                replicas.get(to).arrive(new Request(now(), 0, true));
            });
        }
    }

    /** Somebody else spends the quota too, and does not care what becomes of it. */
    void foreign(long[] arrivals) {
        for (long each : arrivals) {
            at(began + each, () -> {
                if (upstream.takes(now())) {
                    foreignTaken++;
                } else {
                    foreignRefused++;
                }
            });
        }
    }

    private long foreignTaken;
    private long foreignRefused;

    /** Runs until the end; what happens before {@code from} is not counted. */
    Result until(Duration from, Duration end) {
        at(began + from.toNanos(), () -> {
            upstream.forgetCounts();
            foreignTaken = 0;
            foreignRefused = 0;
            counts = true;
        });
        long last = began + end.toNanos();
        while (!events.isEmpty() && events.element().at() < last) {
            var event = events.remove();
            time.advance(Duration.ofNanos(event.at() - now()));
            event.what().run();
        }
        double quota = limit.requests()
                * (end.minus(from).toNanos() / (double) limit.per().toNanos());
        return new Result(
                upstream.accepted() - foreignTaken,
                upstream.refused() - foreignRefused,
                upstream.accepted() / quota,
                waits == 0 ? 0 : waited / 1e9 / waits);
    }

    /** How long those waited that went before the others, from arrival to being sent, in seconds; in no order. */
    List<Double> urgentWaits() {
        return List.copyOf(urgentWaits);
    }

    private void served(Request request) {
        if (counts) {
            waits++;
            waited += now() - request.arrived();
        }
    }

    private RateHeaders says() {
        return new RateHeaders(
                OptionalInt.of(limit.requests()),
                OptionalInt.of(upstream.remaining(now())),
                Optional.of(limit.per()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    private long now() {
        return time.currentTimeNanos();
    }

    private long jitter() {
        return jitter.nanos(random);
    }

    private void at(long when, Runnable what) {
        events.add(new Event(when, number++, what));
    }

    /**
     * @param accepted of ours
     * @param refused of ours
     * @param used of the quota, by all
     * @param meanWait mean, in seconds, from arrival to being counted
     */
    record Result(long accepted, long refused, double used, double meanWait) {

        double refusedShare() {
            return refused == 0 ? 0 : (double) refused / (accepted + refused);
        }
    }
}
