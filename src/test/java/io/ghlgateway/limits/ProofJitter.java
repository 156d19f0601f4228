package io.ghlgateway.limits;

import java.time.Duration;
import java.util.Random;

/** How long a request or a reply travels. */
enum ProofJitter {
    SMALL("20 ms", 20, 0),
    LARGE("100 ms", 100, 0),
    TAIL("20 ms, 1 % + 500 ms", 20, 0.01);

    private static final long TAIL_NANOS = Duration.ofMillis(500).toNanos();

    private final String text;
    private final long most;
    private final double tail;

    ProofJitter(String text, long mostMillis, double tail) {
        this.text = text;
        this.most = Duration.ofMillis(mostMillis).toNanos();
        this.tail = tail;
    }

    long nanos(Random random) {
        return random.nextLong(most) + (random.nextDouble() < tail ? TAIL_NANOS : 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
