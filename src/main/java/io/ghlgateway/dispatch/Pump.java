package io.ghlgateway.dispatch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the next thing until there is none, one thread at a time: whichever comes first works, and who comes meanwhile
 * leaves word and goes. A step may itself run the pump, which then only leaves word; so no stack grows with the queue.
 */
final class Pump {

    private final Supplier<@Nullable Runnable> next;
    private final AtomicInteger words = new AtomicInteger();

    /** @param next decides what to do, null for nothing; must lock what it reads, and what it returns runs unlocked */
    Pump(Supplier<@Nullable Runnable> next) {
        this.next = next;
    }

    void run() {
        if (words.getAndIncrement() > 0) {
            return;
        }
        boolean isSound = false;
        try {
            int heard = 1;
            while (heard > 0) {
                for (var step = next.get(); step != null; step = next.get()) {
                    step.run();
                }
                heard = words.addAndGet(-heard);
            }
            isSound = true;
        } finally {
            if (!isSound) {
                words.set(0); // a step threw, which is a defect: it must not stop this pump for good
                run(); // and what others left word of is not forgotten
            }
        }
    }
}
