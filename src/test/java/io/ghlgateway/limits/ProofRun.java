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

    private final class Replica {
        private final Payer payer;
        private final ArrayDeque<Request> line = new ArrayDeque<>();
        private boolean asleep;

        Replica(Payer payer) {
            this.payer = payer;
        }

        void arrive(Request request) {
            line.addLast(request);
            if (!asleep) {
                pump();
            }
        }

        void pump() {
            while (!line.isEmpty()) {
                int wanted = Math.min(AT_ONCE, line.size());
                int taken = payer.take(wanted);
                for (int i = 0; i < taken; i++) {
                    send(line.removeFirst(), payer.paidAt());
                }
                if (taken < wanted) {
                    sleep(payer.pause());
                    return;
                }
            }
        }

        private void sleep(Duration pause) {
            asleep = true;
            long ns = Math.max(1, Math.min(LOOK_AGAIN, pause.toNanos()));
            at(now() + ns + random.nextLong(1_000_000), () -> {
                asleep = false;
                pump();
            });
        }

        private void send(Request request, long paidAt) {
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
            payer.refused(pause, says, paidAt);
            for (var other : replicas) {
                if (other != this) {
                    at(now() + WORD_OF_MOUTH, () -> other.payer.rest(pause.minusMillis(250)));
                }
            }
            if (request.attempts() + 1 < ATTEMPTS) {
                line.addFirst(new Request(request.arrived(), request.attempts() + 1, request.urgent()));
                if (!asleep) {
                    pump();
                }
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
        replicas.add(new Replica(payer));
    }

    /** They come to a replica by chance. */
    void demand(long[] arrivals) {
        for (long each : arrivals) {
            at(began + each, () -> replicas.get(random.nextInt(replicas.size())).arrive(new Request(now(), 0, false)));
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
