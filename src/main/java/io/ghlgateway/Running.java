package io.ghlgateway;

import io.ghlgateway.http.DoorTransport;
import io.ghlgateway.telemetry.Logs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.Console;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every long-running command needs: a Vert.x of its own, waiting on the main thread, and an orderly end on SIGTERM. */
final class Running {

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private Running() {}

    /** @param loops event loops; 0 for one each core */
    static Vertx vertx(int loops) {
        return Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(loops(loops)))
                .withTransport(DoorTransport.best())
                .build();
    }

    static int loops(int configured) {
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    /** Waits on the calling thread, never an event loop. */
    static <T> T await(Future<T> future, Duration most) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * Has {@code end} carried out when the process is told to stop; the process waits for it, within {@code most}.
     *
     * @return takes that back, for a process that ends by itself
     */
    static Runnable onShutdown(Supplier<Future<Void>> end, Duration most) {
        var hook = new Thread(() -> stop(end, most), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException toldMeanwhile) {
                return; // it is being carried out
            }
        };
    }

    private static void stop(Supplier<Future<Void>> end, Duration most) {
        try {
            await(end.get(), most);
            endWell();
        } catch (TimeoutException e) {
            LOG.warn("stopped before everything had ended"); // by the log, which waits for no terminal
        } catch (Exception e) {
            LOG.error("stopping failed: {}", e.getMessage());
        }
        Logs.end();
    }

    /** Told to stop and stopped in order is no failure: the exit code says so. */
    private static void endWell() {
        System.out.flush();
        Logs.end();
        Runtime.getRuntime().halt(0);
    }

    /** Whether a human reads what is printed. */
    static boolean isTerminal() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console without a terminal, and a way to ask.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }

    /** Until the process is told to stop, or, with its exception, until this fails. */
    static void until(Future<Void> failure) throws Exception {
        var failed = new CompletableFuture<Void>();
        failure.onFailure(failed::completeExceptionally);
        try {
            failed.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Until the process is told to stop. */
    static void forever() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
