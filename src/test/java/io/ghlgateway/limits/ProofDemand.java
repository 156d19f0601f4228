package io.ghlgateway.limits;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** When requests come, in nanoseconds from the beginning, against a quota of 100 in 10 s. */
enum ProofDemand {
    SATURATING("saturating") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            return LongStream.concat(LongStream.generate(() -> 0).limit(100), poisson(random, length, 12));
        }
    },
    BURSTS("bursts of 60-200") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            var all = LongStream.builder();
            for (double at = 0; at < seconds(length); ) {
                int size = random.nextInt(60, 201);
                for (int i = 0; i < size; i++) {
                    all.add(nanos(at + random.nextDouble() * 0.1));
                }
                at += exponential(random, 8.0 / size);
            }
            return all.build();
        }
    },
    STRADDLING("straddling bursts") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            var all = LongStream.builder();
            for (double at = 10; at < seconds(length); at += 10 + random.nextInt(3) * 5) {
                for (int i = 0; i < 100; i++) {
                    all.add(nanos(at + (random.nextDouble() - 0.5) * 0.6));
                }
            }
            return all.build();
        }
    },
    POISSON_80("Poisson 80 %") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            return poisson(random, length, 8);
        }
    },
    POISSON_90("Poisson 90 %") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            return poisson(random, length, 9);
        }
    },
    POISSON_95("Poisson 95 %") {
        @Override
        LongStream arrivals(Random random, Duration length) {
            return poisson(random, length, 9.5);
        }
    };

    private final String text;

    ProofDemand(String text) {
        this.text = text;
    }

    abstract LongStream arrivals(Random random, Duration length);

    long[] times(Random random, Duration length) {
        var times = arrivals(random, length).toArray();
        Arrays.sort(times);
        return times;
    }

    static LongStream poisson(Random random, Duration length, double perSecond) {
        return LongStream.iterate(
                nanos(exponential(random, perSecond)),
                at -> at < length.toNanos(),
                at -> at + nanos(exponential(random, perSecond)));
    }

    private static double exponential(Random random, double perSecond) {
        return -Math.log(1 - random.nextDouble()) / perSecond;
    }

    private static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    private static long nanos(double seconds) {
        return Math.max(0, (long) (seconds * 1e9));
    }

    @Override
    public String toString() {
        return text;
    }
}
