package io.ghlgateway.http;

/**
 * Where a door listens, and for how many.
 *
 * @param port 0 for any free one
 * @param cap of all its event loops together
 * @param events told of its connections
 */
public record Listening(String host, int port, ConnectionCap cap, ConnectionEvents events) {}
