package io.ghlgateway.limits.redis;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncCommandExecutor;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.CommandExecutor;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.OptimizationListener;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One bucket in Redis: Bucket4j's proxy of it, and a way for {@link BucketCommand}s to go where the proxy's own commands
 * go, merged with those that wait.
 */
record DirectLine(AsyncBucketProxy proxy, AsyncCommandExecutor executor) {

    static DirectLine open(
            AsyncProxyManager<byte[]> proxies,
            Optimization optimization,
            byte[] name,
            Supplier<CompletableFuture<BucketConfiguration>> firstContent) {
        var tap = new Tap(optimization);
        var proxy = proxies.builder().withOptimization(tap).build(name, firstContent);
        return new DirectLine(proxy, tap.executor());
    }

    /** Does it to the bucket, or nothing at all where there is none. */
    <T> CompletableFuture<Optional<T>> ifThere(BucketCommand<T> command) {
        return executor.executeAsync(command)
                .thenApply(result -> result.isBucketNotFound() ? Optional.empty() : Optional.of(result.getData()));
    }

    /** Does it to the bucket, which is made first where there is none. */
    <T> CompletableFuture<T> run(BucketCommand<T> command) {
        return ifThere(command)
                .thenCompose(done -> done.isPresent()
                        ? CompletableFuture.completedFuture(done.get())
                        : proxy.getAvailableTokens()
                                .thenCompose(made -> ifThere(command))
                                .thenApply(again -> again.orElseThrow(
                                        () -> new IllegalStateException("the bucket went as soon as it was made"))));
    }

    /** Notes the executor that an optimization makes for the one bucket it is applied to. */
    private static final class Tap implements Optimization {

        private final Optimization optimization;
        private @Nullable AsyncCommandExecutor executor;

        Tap(Optimization optimization) {
            this.optimization = optimization;
        }

        AsyncCommandExecutor executor() {
            return Objects.requireNonNull(executor, "Bucket4j built a bucket without its optimization");
        }

        @Override
        public Optimization withListener(OptimizationListener listener) {
            return new Tap(optimization.withListener(listener));
        }

        @Override
        public CommandExecutor apply(CommandExecutor original) {
            return optimization.apply(original);
        }

        @Override
        public AsyncCommandExecutor apply(AsyncCommandExecutor original) {
            var made = optimization.apply(original);
            executor = made;
            return made;
        }
    }
}
