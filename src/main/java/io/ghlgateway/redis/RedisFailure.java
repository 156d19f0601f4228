package io.ghlgateway.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a command to Redis, or an attempt to connect, failed: a short and closed list, for those who count. */
public enum RedisFailure {
    /** No answer in time. */
    TIMEOUT,
    /** Nobody listens there. */
    REFUSED,
    /** There was no connection, or it broke under way. */
    DISCONNECTED,
    /** User, password or permission. */
    AUTH,
    /** The two could not agree on TLS, or a certificate was not trusted. */
    TLS,
    /** The server follows another one. */
    READONLY,
    /** No memory is left. */
    OOM,
    /** It takes no writes for another reason: its disk, or too few replicas. */
    UNWRITABLE,
    /** Part of a Cluster is missing, or a server is loading its data. */
    UNAVAILABLE,
    /** A slot was just being moved. */
    MOVING,
    OTHER;

    private static final int DEEPEST = 10;
    private static final List<String> DENIED = List.of("NOAUTH ", "WRONGPASS ", "NOPERM ", "ERR invalid password");

    /** As it stands in metrics. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whatever a command or a connection failed with. Never fails. */
    public static RedisFailure of(Throwable failure) {
        @Nullable Throwable cause = failure;
        boolean connecting = false;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            var known = cause instanceof CompletionException ? Optional.<RedisFailure>empty() : known(cause);
            if (known.isPresent()) {
                return known.get();
            }
            connecting |= cause instanceof RedisConnectionException || isRejected(cause);
            cause = cause.getCause();
        }
        return connecting ? DISCONNECTED : OTHER;
    }

    /** Whether there was no connection, or it broke meanwhile. */
    public static boolean isDisconnected(@Nullable Throwable failure) {
        return failure != null && of(failure) == DISCONNECTED;
    }

    private static Optional<RedisFailure> known(Throwable cause) {
        if (cause instanceof SSLException) {
            return Optional.of(TLS);
        }
        if (cause instanceof ConnectException) {
            return Optional.of(REFUSED);
        }
        var said =
                cause instanceof RedisCommandExecutionException && cause.getMessage() != null ? cause.getMessage() : "";
        if (DENIED.stream().anyMatch(said::contains)) {
            return Optional.of(AUTH);
        }
        return RedisTrouble.of(cause).map(trouble -> switch (trouble) {
            case SILENT -> TIMEOUT;
            case FOLLOWER -> READONLY;
            case AWAY -> UNAVAILABLE;
            case FULL -> said.contains("OOM command not allowed") ? OOM : UNWRITABLE;
            case MOVING -> MOVING;
        });
    }

    /** Lettuce has no type of its own for a command that it did not send or whose connection broke. */
    private static boolean isRejected(Throwable cause) {
        var said = cause.getMessage();
        return said != null && (said.contains("not connected") || said.contains("Connection closed"));
    }
}
