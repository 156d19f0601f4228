package io.ghlgateway;

import java.io.UncheckedIOException;

/** Sends, on a thread of its own, until so much was taken or the connection is cut. */
final class Flood {

    private final Thread thread;

    Flood(Wire wire, int bytes) {
        thread = new Thread(() -> run(wire, bytes), "flood");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(Wire wire, int bytes) {
        try {
            wire.sendBytes(new byte[bytes]);
        } catch (UncheckedIOException cut) {
            return; // as well over
        }
    }

    boolean isOver() {
        return !thread.isAlive();
    }
}
