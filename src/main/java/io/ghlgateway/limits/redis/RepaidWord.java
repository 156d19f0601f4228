package io.ghlgateway.limits.redis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a replica says of a pause; see {@link Repayment}.
 *
 * @param opensAt when it ends otherwise, epoch milliseconds
 * @param elder whether the replica was in use before
 * @param openings when logs are to open that it may have begun meanwhile, epoch milliseconds
 * @param names the replicas it has heard of
 */
record RepaidWord(long opensAt, boolean elder, Set<Long> openings, Set<String> names) {

    static Optional<RepaidWord> parse(String text) {
        var parts = text.split(" ");
        try {
            return Optional.of(new RepaidWord(
                    Long.parseLong(parts[0]),
                    parts[1].equals("elder"),
                    Stream.of(parts[2].split(",")).map(Long::valueOf).collect(Collectors.toSet()),
                    Set.copyOf(List.of(parts).subList(3, parts.length))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return opensAt + " " + (elder ? "elder" : "young") + " "
                + openings.stream().map(String::valueOf).collect(Collectors.joining(",")) + " "
                + String.join(" ", names);
    }
}
