package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How fast one caller's requests of one class may spend one key's quota: by its rate, which counts over all keys, by its
 * share of the key's short window, and by what is reserved for another class. Buckets of the replicas together, where there is a Redis. Any thread; futures never fail.
 */
public final class CallerAllowance {

    /**
     * What was given.
     *
     * @param cause why it is fewer than asked, {@link Cause#NONE} when it is not
     */
    public static final class Taken {
        private final int count;
        private final Cause cause;
        private final List<Payment> payments;

        private record Payment(AllowancePart part, long paidAt) {}

        private Taken(int count, Cause cause, List<Payment> payments) {
            this.count = count;
            this.cause = cause;
            this.payments = payments;
        }

        public int count() {
            return count;
        }

        public Cause cause() {
            return cause;
        }

        /** What is not sent for: it is good for a while for the next. */
        public void giveBack(int unused) {
            payments.forEach(payment -> payment.part.giveBack(unused, payment.paidAt));
        }
    }

    private final Budget budget;
    private final Optional<RouteAllowance> rate;
    private final Function<Limit, Optional<RouteAllowance>> shareOf;
    private final Optional<ClassReserve> reserve;
    private final Optional<DayReserve> dayReserve;
    private final LimitEvents events;
    private @Nullable Limit shared; // guarded by this
    private Optional<RouteAllowance> share = Optional.empty(); // guarded by this: of the quota before it

    /**
     * @param shareOf a quota's part, which changes as the quota is learned
     * @param reserve what these requests must leave to a class that they are not of, of the short window
     * @param dayReserve the same of the day
     */
    CallerAllowance(
            Budget budget,
            Optional<RouteAllowance> rate,
            Function<Limit, Optional<RouteAllowance>> shareOf,
            Optional<ClassReserve> reserve,
            Optional<DayReserve> dayReserve,
            LimitEvents events) {
        this.budget = budget;
        this.rate = rate;
        this.shareOf = shareOf;
        this.reserve = reserve;
        this.dayReserve = dayReserve;
        this.events = events;
    }

    private synchronized Optional<RouteAllowance> share() {
        var limit = budget.limit();
        if (!limit.equals(shared)) {
            share = shareOf.apply(limit);
            shared = limit;
        }
        return share;
    }

    /**
     * Takes as many of {@code wanted} as all have.
     *
     * @param wanted at least 1
     */
    public Future<Taken> take(int wanted) {
        var parts = new ArrayList<AllowancePart>(4);
        rate.ifPresent(parts::add);
        share().ifPresent(parts::add);
        dayReserve.ifPresent(parts::add);
        reserve.ifPresent(parts::add);
        return take(parts, wanted).onSuccess(taken -> {
            if (taken.count < wanted) {
                events.fellShort(budget.key(), taken.cause);
            }
        });
    }

    private static Future<Taken> take(List<AllowancePart> parts, int wanted) {
        if (parts.isEmpty()) {
            return Future.succeededFuture(new Taken(wanted, Cause.NONE, List.of()));
        }
        var part = parts.get(0);
        return part.take(wanted).transform((taken, failure) -> {
            if (failure != null || taken.count() == 0) {
                var cause = failure != null ? Cause.DEGRADED : part.cause();
                return Future.succeededFuture(new Taken(0, cause, List.of()));
            }
            return take(parts.subList(1, parts.size()), taken.count()).map(rest -> {
                part.giveBack(taken.count() - rest.count, taken.paidAt());
                var payments = new ArrayList<>(rest.payments);
                payments.add(new Taken.Payment(part, taken.paidAt()));
                var cause = rest.count == wanted ? Cause.NONE : rest.cause == Cause.NONE ? part.cause() : rest.cause;
                return new Taken(rest.count, cause, payments);
            });
        });
    }

    /**
     * When the send at {@code position} of this caller's could be paid for here, whatever the key has.
     *
     * @param position among those for this key, at least 1
     * @param elsewhere how many of its others wait for other keys
     * @param ofClass its position among all callers' of its class for this key, at least 1
     */
    public Future<Forecast> forecast(int position, int elsewhere, int ofClass) {
        var sofar = Future.succeededFuture(Forecast.OPEN);
        sofar = later(sofar, rate, position + elsewhere);
        sofar = later(sofar, share(), position);
        sofar = later(sofar, dayReserve, ofClass);
        return later(sofar, reserve, ofClass);
    }

    private static Future<Forecast> later(
            Future<Forecast> sofar, Optional<? extends AllowancePart> part, int position) {
        return part.map(own -> sofar.compose(
                        others -> own.forecast(position).map(others::orLater).otherwise(Forecast.SILENT)))
                .orElse(sofar);
    }
}
