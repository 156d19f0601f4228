package io.ghlgateway.limits;

import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.TimeWords;
import java.time.Duration;

/**
 * A limit of some endpoints, beside the quota of the key: at most {@code requests} in any stretch of {@code per}.
 *
 * @param match the paths it is of
 * @param scope what it is counted by
 */
public record RouteLimit(PathPattern match, int requests, Duration per, Scope scope) {

    /** Shorter ones would be mostly guard. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    public static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration LONGEST_CREDIT = Duration.ofSeconds(1);
    private static final int CREDITS_IN_PER = 20;

    /** What a limit is counted by. */
    public enum Scope {
        /** One app's use of one location, or of one company where a company's token is used. */
        LOCATION,
        /** One app's use of all locations and companies together. */
        APP,
        /** One caller's use of one location or company, or of all together: its quota, which no path is exempt from. */
        CALLER
    }

    public RouteLimit {
        if (requests < 1 || per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "an endpoint's limit needs at least one request in one second to one day: " + requests + " per "
                            + per);
        }
    }

    /** How long what was paid here stays good for a send; see {@link RouteAllowance} for why that is safe. */
    Duration credit() {
        var part = per.dividedBy(CREDITS_IN_PER);
        return part.compareTo(LONGEST_CREDIT) < 0 ? part : LONGEST_CREDIT;
    }

    /** What its bucket must keep to: as many grants in a stretch that is longer by the time a grant stays good. */
    public Limit granted() {
        return new Limit(requests, per.plus(credit()), Long.MAX_VALUE);
    }

    /** Whether it is counted by the same, so that one of the two is what the other became. */
    boolean isOfTheSame(RouteLimit other) {
        return match.equals(other.match) && scope == other.scope;
    }

    /** For people: {@code 300 requests per 1 min on /agent-studio/**}. */
    @Override
    public String toString() {
        return requests + " requests per " + TimeWords.of(per) + " on " + match;
    }
}
