package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * One value for a key as long as somebody holds that value.
 *
 * <p>Tidied once a second at most, on the common pool. Caffeine by itself wakes that at every sixteenth read, of caches that every
 * request reads: 4 % of what a request cost. Nor are readers to do it: a collector lets go of very many at once.
 */
final class WhileHeld {

    private static final Executor SOON =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, ForkJoinPool.commonPool());

    private WhileHeld() {}

    /** @param loader makes a value that nobody holds; on the thread that asks, others with the same key wait for it */
    static <K, V> LoadingCache<K, V> by(CacheLoader<? super K, V> loader) {
        return Caffeine.newBuilder().weakValues().executor(SOON).build(loader);
    }
}
