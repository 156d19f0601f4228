package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the far side takes to answer: evenly spread from {@code least} to {@code most}, and now and then slower.
 *
 * @param tailShare which part of the answers, 0 to 1, takes {@code tailFactor} times as long
 */
public record Latency(Duration least, Duration most, double tailShare, double tailFactor) {

    private static final Pattern TAIL = Pattern.compile("(\\d+(?:\\.\\d+)?)%x(\\d+(?:\\.\\d+)?)");

    public Latency {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "a latency goes from less to more: " + least.toMillis() + "ms.." + most.toMillis() + "ms");
        }
        if (!(tailShare >= 0 && tailShare <= 1) || !(tailFactor >= 1 && tailFactor <= 1000)) {
            throw new IllegalArgumentException("a tail is 0% to 100% of answers at 1 to 1000 times the latency, not "
                    + tailShare * 100 + "%x" + tailFactor);
        }
    }

    /** Answers at once, always. */
    public static Latency none() {
        return new Latency(Duration.ZERO, Duration.ZERO, 0, 1);
    }

    /**
     * {@code 40ms..120ms}, or one duration for a latency without jitter; no tail.
     *
     * @throws IllegalArgumentException naming what was seen and what would be right
     */
    public static Latency parse(String text) {
        String[] ends = text.strip().split("\\.\\.", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no latency: write one duration or a range, such as 40ms..120ms");
        }
        return new Latency(Durations.parse(ends[0]), Durations.parse(ends[ends.length - 1]), 0, 1);
    }

    /**
     * The same with a tail: {@code 1%x5} is one answer in a hundred at five times its latency.
     *
     * @throws IllegalArgumentException naming what was seen and what would be right
     */
    public Latency withTail(String text) {
        Matcher form = TAIL.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no tail: write share and factor, such as 1%x5 for one in a hundred at 5 times");
        }
        return new Latency(least, most, Double.parseDouble(form.group(1)) / 100, Double.parseDouble(form.group(2)));
    }

    Duration sample(RandomGenerator random) {
        double spread = most.minus(least).toNanos() * random.nextDouble();
        double factor = random.nextDouble() < tailShare ? tailFactor : 1;
        return Duration.ofNanos((long) ((least.toNanos() + spread) * factor));
    }
}
