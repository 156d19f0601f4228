package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Brings what happens elsewhere to the test's thread; the bound only ends a test that would hang. */
public final class Await {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private Await() {}

    public static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Why it failed. */
    public static Throwable failure(Future<?> future) {
        return result(future.transform((done, failure) ->
                failure != null ? Future.succeededFuture(failure) : Future.failedFuture("it succeeded: " + done)));
    }

    public static void until(BooleanSupplier condition) {
        until(condition, 2_000_000);
    }

    /** For a condition that costs something to look at. */
    public static void patiently(BooleanSupplier condition) {
        until(condition, 25_000_000);
    }

    private static void until(BooleanSupplier condition, long pauseNanos) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come true within " + BOUND);
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }
}
