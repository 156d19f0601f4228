package io.ghlgateway.blocking;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Every test process is watched: what would block one of Vert.x's or Lettuce's event loops (a sleep, a wait for another thread, a
 * stream of a file or a socket) fails there and then, and fails the class whose tests did it, or the next one. Channels of
 * files it does not see, nor locks and monitors, nor the processes of the fault matrix. JUnit and BlockHound find this by their services.
 */
public final class EventLoopWatch implements LauncherSessionListener, BlockHoundIntegration, AfterAllCallback {

    private static final List<String> LOOPS = List.of("vert.x-eventloop-thread", "lettuce-");
    /** What may: a class, and its method. */
    private static final Map<String, String> ALLOWED = Map.ofEntries(
            // A device that has always some.
            Map.entry("java.security.SecureRandom", "nextBytes"),
            // For as long as others take to put something into a queue, or a buffer into a pool; whoever waits for a
            // thread's work is still found.
            Map.entry("java.util.concurrent.locks.ReentrantLock", "lock"),
            Map.entry("java.util.concurrent.locks.StampedLock", "writeLock"),
            // Files of the jar, read once and before anybody is served.
            Map.entry("io.ghlgateway.highlevel.Shipped", "text"),
            Map.entry("io.ghlgateway.admin.ConsoleFiles", "inJar"),
            Map.entry("io.ghlgateway.simulator.Simulator$Listener", "start"),
            Map.entry("io.ghlgateway.simulator.PublishedTable", "load"),
            Map.entry("java.util.ServiceLoader$LazyClassPathLookupIterator", "parse"),
            // The JDK's own settings, read when a process opens its first socket, whoever does.
            Map.entry("sun.net.NetProperties", "loadDefaultProperties"),
            // Vert.x' own way to end its workers, when it is closed.
            Map.entry("io.vertx.core.internal.WorkerPool", "close"));

    private static final List<Throwable> BLOCKED = new CopyOnWriteArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        boolean isMaven = System.getProperty("test.process") == null; // which looks what tests there are
        if (!isMaven) {
            BlockHound.install(this);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        tell();
    }

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.nonBlockingThreadPredicate(
                before -> before.or(thread -> LOOPS.stream().anyMatch(thread.getName()::startsWith)));
        ALLOWED.forEach((type, method) -> builder.allowBlockingCallsInside(type, method));
        builder.blockingMethodCallback(method -> {
            var blocked = new AssertionError("an event loop would block: " + method);
            BLOCKED.add(blocked);
            throw blocked;
        });
    }

    /** What blocks may be caught by who called it; so it is told here, too. */
    @Override
    public void afterAll(ExtensionContext context) {
        tell();
    }

    private static void tell() {
        var blocked = drain();
        if (!blocked.isEmpty()) {
            var told = new AssertionError(blocked.size() + " times an event loop would have blocked");
            blocked.forEach(told::addSuppressed);
            throw told;
        }
    }

    /** What was found since the last look. */
    static List<Throwable> drain() {
        var all = List.copyOf(BLOCKED);
        BLOCKED.removeAll(all);
        return all;
    }
}
