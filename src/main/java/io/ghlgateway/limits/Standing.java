package io.ghlgateway.limits;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The quotas that a request is paid from, by name, and what is left of them as far as is known. The same policies are
 * mostly the same list, so that what is made of them can be kept.
 *
 * @param lefts at most one for each policy: none where nothing is known
 */
public record Standing(List<Policy> policies, List<Left> lefts) {

    /**
     * A quota: at most {@code requests} in {@code per}.
     *
     * @param name printable ASCII without quotes and backslashes, unlike the others'
     */
    public record Policy(String name, long requests, Duration per) {

        public Policy {
            if (!name.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')) {
                throw new IllegalArgumentException("a policy's name is plain ASCII without quotes: " + name);
            }
        }
    }

    /**
     * What is left of a policy.
     *
     * @param policy its name
     * @param requests zero or more
     * @param refill until all of it is there again if nothing more is spent; zero when that is not known, or is now
     */
    public record Left(String policy, long requests, Duration refill) {}

    /** With what else must be paid. */
    public Standing and(Standing other) {
        return new Standing(
                Stream.concat(policies.stream(), other.policies.stream()).toList(),
                Stream.concat(lefts.stream(), other.lefts.stream()).toList());
    }
}
