package io.ghlgateway.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.cluster.PartitionSelectorException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a failed command says of the Redis that it was sent to. */
public enum RedisTrouble {
    /** No answer in time; the command may have been carried out. */
    SILENT,
    /** The server follows another one: it is not, or no longer, the one to write to. */
    FOLLOWER,
    /** Reachable, but it can't serve: part of a Cluster is missing, or it is loading its data. */
    AWAY,
    /** It reads but refuses to write: no memory left, no disk, too few followers. Somebody has to see to it. */
    FULL,
    /** The keys of the command are just being moved between servers: nothing was done, a little later it will work. */
    MOVING;

    // Inside a script's error the code stands somewhere in the text, so it is looked for everywhere.
    private static final Map<RedisTrouble, List<String>> CODES = Map.of(
            FOLLOWER, List.of("READONLY "),
            AWAY, List.of("CLUSTERDOWN ", "LOADING ", "MASTERDOWN "),
            FULL, List.of("OOM command not allowed", "MISCONF ", "NOREPLICAS "),
            MOVING, List.of("TRYAGAIN "));

    /** Empty where the failure says nothing of the sort. */
    public static Optional<RedisTrouble> of(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RedisCommandTimeoutException) {
            return Optional.of(SILENT);
        }
        if (cause instanceof PartitionSelectorException) {
            return Optional.of(AWAY);
        }
        if (!(cause instanceof RedisCommandExecutionException) || cause.getMessage() == null) {
            return Optional.empty();
        }
        var said = cause.getMessage();
        return CODES.entrySet().stream()
                .filter(codes -> codes.getValue().stream().anyMatch(said::contains))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
