package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Limit;
import io.vertx.core.Future;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this replica grants one key from while Redis is lost: made anew for each loss, and for its part of the quota in force.
 * Any thread.
 *
 * @param <T> what it grants from
 */
final class LocalPart<T> {

    private record Made<T>(LocalShare share, Limit whole, T of) {}

    private final Supplier<Limit> limit;
    private final BiFunction<LocalShare, Limit, T> maker;
    private final BiConsumer<T, Limit> become;
    private @Nullable Made<T> made; // guarded by this

    /**
     * @param limit the whole quota in force
     * @param maker makes it for a part of the quota
     * @param become puts what was made under another part, at once
     */
    LocalPart(Supplier<Limit> limit, BiFunction<LocalShare, Limit, T> maker, BiConsumer<T, Limit> become) {
        this.limit = limit;
        this.maker = maker;
        this.become = become;
    }

    /** Complete at once; fails where the part is less than one. */
    synchronized Future<T> of(LocalShare share) {
        var known = made;
        var whole = limit.get();
        var part = share.of(whole);
        if (part.isEmpty()) {
            return Future.failedFuture("Redis is lost, and this replica's share of the quota is less than one");
        }
        if (known == null || known.share() != share) {
            known = new Made<>(share, whole, maker.apply(share, part.get()));
        } else if (!known.whole().equals(whole)) {
            become.accept(known.of(), part.get());
            known = new Made<>(share, whole, known.of());
        }
        made = known;
        return Future.succeededFuture(known.of());
    }

    /**
     * Lets go of it where Redis is back, or where nothing in it need be kept. True when nothing is left of it.
     *
     * @param lost whether Redis is lost
     * @param isGone has it let go of what it can; true when nothing is left
     */
    synchronized boolean letGo(boolean lost, Predicate<T> isGone) {
        if (made != null && (!lost || isGone.test(made.of()))) {
            made = null;
        }
        return made == null;
    }
}
