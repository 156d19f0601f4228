package io.ghlgateway.settings;

import io.ghlgateway.http.DoorLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * The callers' door.
 *
 * @param port 0: any free one
 * @param maxBody largest request body, in bytes
 * @param maxHeaderBytes largest request head
 * @param replayBody largest request body that is kept so that it can be sent again, in bytes
 * @param headerTimeout for a request's head to be complete
 * @param bodyTimeout silence allowed while a request body is read
 * @param idleTimeout of a connection with no request on it
 * @param writeTimeout without anything taken of an answer
 * @param maxConnections empty: as many as the system's limit of open files bears
 * @param loops event loops; 0: one for each core
 */
public record ProxySettings(
        String host,
        int port,
        long maxBody,
        int maxHeaderBytes,
        int replayBody,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        Optional<Integer> maxConnections,
        int loops) {

    public static final ProxySettings DEFAULTS = new ProxySettings(
            "0.0.0.0",
            8080,
            1L << 30,
            32 << 10,
            256 << 10,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            DoorLimits.STALL,
            Optional.empty(),
            0);

    public ProxySettings at(String host, int port) {
        return new ProxySettings(
                host,
                port,
                maxBody,
                maxHeaderBytes,
                replayBody,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                maxConnections,
                loops);
    }
}
