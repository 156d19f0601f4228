package io.ghlgateway.dispatch;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Wakes lanes one after another: one that is woken may wake others, and so on through all of them, which must not grow the
 * stack. Any thread; whichever comes first wakes those that others leave meanwhile.
 */
final class Wakes {

    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final Pump pump = new Pump(left::poll);

    void run(Runnable wake) {
        left.add(wake);
        pump.run();
    }
}
