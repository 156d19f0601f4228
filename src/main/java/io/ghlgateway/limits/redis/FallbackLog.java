package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.Payment;
import io.ghlgateway.limits.Reading;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.SendLog;
import io.ghlgateway.limits.WindowLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A log in Redis, and while Redis is lost one of this replica's share. */
final class FallbackLog implements SendLog {

    /** Not to be asked again and again meanwhile. */
    private static final long SOON_NANOS = Duration.ofMillis(100).toNanos();

    private final RedisLog shared;
    private final RedisTrust trust;
    private final Supplier<Limit> limit;
    private final Ticker ticker;
    private final LocalPart<WindowLog> local;

    /** @param limit the quota in force whenever it is asked */
    FallbackLog(RedisLog shared, RedisTrust trust, Supplier<Limit> limit, Duration guard, Ticker ticker) {
        this.shared = shared;
        this.trust = trust;
        this.limit = limit;
        this.ticker = ticker;
        this.local = new LocalPart<>(limit, (share, part) -> share.log(shared.name(), part, guard), WindowLog::become);
    }

    /** Of a local log there is no reading: what the other replicas send meanwhile is not known. */
    @Override
    public Future<Payment> pay(int wanted) {
        var share = trust.share();
        if (share.isEmpty()) {
            return shared.pay(wanted);
        }
        if (share.get().hasEnded()) {
            return Future.succeededFuture(new Payment(0, false, 0, null));
        }
        long asked = ticker.read();
        return part(share.get()).compose(log -> {
            long waited = ticker.read() - asked;
            return log.pay(wanted)
                    .map(paid -> new Payment(noted(paid.count(), share.get()), false, paid.left(), null, waited));
        });
    }

    /** How many of them may be sent: none when meanwhile all was told that was sent alone. */
    private int noted(int count, LocalShare share) {
        shared.sentAlone(count, !share.opened());
        return !share.hasEnded() && trust.share().filter(now -> now == share).isPresent() ? count : 0;
    }

    @Override
    public Future<OptionalLong> ownUntilNow(Reading reading) {
        return trust.share().isEmpty() ? shared.ownUntilNow(reading) : Future.succeededFuture(OptionalLong.empty());
    }

    @Override
    public Future<Optional<Restraint>> restrain(long quota, UnaryOperator<Restraint> step) {
        return trust.share().isEmpty() ? shared.restrain(quota, step) : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> late(long paidAtMillis, Duration by) {
        return trust.share().isEmpty() ? shared.late(paidAtMillis, by) : Future.succeededFuture();
    }

    @Override
    public Future<Outlook> outlook(long position, long idle) {
        var share = trust.share();
        return share.isEmpty()
                ? shared.outlook(position, idle)
                : part(share.get())
                        .compose(log -> log.outlook(position, idle))
                        .map(told -> share.get().lingers()
                                ? soon(told, position, idle, share.get().hasEnded())
                                : told);
    }

    /** The share ends when Redis may grant again, most likely with more than half. */
    private Outlook soon(Outlook told, long position, long idle, boolean hasEnded) {
        long available = hasEnded ? 0 : told.available();
        boolean much = position > Math.max(1, limit.get().requests() / 2);
        if (available >= position || much && !hasEnded) {
            return told;
        }
        long closed = Math.max(Math.max(idle, trust.repayment().closedNanos()), SOON_NANOS);
        return new Outlook(available, hasEnded ? closed : Math.min(told.nanos(), closed), told.byPace());
    }

    /** A local log follows the quota by itself, at its next use. */
    @Override
    public Future<Void> become(Limit next) {
        return shared.become(next);
    }

    @Override
    public boolean letGo() {
        boolean forgotten = local.letGo(trust.share().isPresent(), WindowLog::letGo);
        return shared.letGo() && forgotten;
    }

    private Future<WindowLog> part(LocalShare share) {
        return share.knowsBusyKeys().compose(done -> local.of(share));
    }
}
