package io.ghlgateway;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends, on a thread of its own, until so much was taken or the connection is cut. The head and what follows it leave in
 * one piece, so that no other process can come between them.
 */
final class Flood {

    private final Thread thread;

    /** @param head line ends as {@code \n} are sent as HTTP's */
    Flood(Wire wire, String head, int bytes) {
        var first = head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        var all = Arrays.copyOf(first, first.length + bytes);
        thread = new Thread(() -> run(wire, all), "flood");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(Wire wire, byte[] all) {
        try {
            wire.sendBytes(all);
        } catch (UncheckedIOException cut) {
            return; // as well over
        }
    }

    boolean isOver() {
        return !thread.isAlive();
    }
}
