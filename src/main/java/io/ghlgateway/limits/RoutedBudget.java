package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A key's budget together with the limits of an endpoint: a send is paid for when all of them paid. The endpoint's limits
 * pay first, those with the longest interval before the others, and the key's own quota last.
 */
final class RoutedBudget extends ForwardingBudget {

    private final List<RouteAllowance> allowances;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Standing routes;

    /** @param allowances at least one, in the order in which they pay */
    RoutedBudget(Budget whole, List<RouteAllowance> allowances, Ticker ticker, LimitEvents events) {
        super(whole);
        this.allowances = allowances;
        this.ticker = ticker;
        this.events = events;
        this.routes = new Standing(
                allowances.stream()
                        .map(RouteAllowance::limit)
                        .map(RoutedBudget::policy)
                        .toList(),
                List.of());
    }

    /** Named by its paths and interval, without what would end such a name in a header. */
    private static Standing.Policy policy(RouteLimit limit) {
        var name = ("route " + limit.match() + " " + limit.per().toMillis() + "ms").replaceAll("[^ -~]|[\"\\\\]", "_");
        return new Standing.Policy(name, limit.requests(), limit.per());
    }

    /** Of the endpoint's limits the policies alone: what is left of them is not followed. */
    @Override
    public Standing standing() {
        return budget.standing().and(routes);
    }

    @Override
    public List<RouteKey> routes() {
        return allowances.stream().map(RouteAllowance::key).toList();
    }

    @Override
    public Future<List<Standing.Left>> routesLeft() {
        Future<List<Standing.Left>> lefts = Future.succeededFuture(List.of());
        for (var allowance : allowances) {
            var told = allowance
                    .forecast(allowance.limit().requests())
                    .map(forecast -> List.of(left(allowance.limit(), forecast)))
                    .otherwise(List.of());
            lefts = lefts.compose(before ->
                    told.map(one -> Stream.concat(before.stream(), one.stream()).toList()));
        }
        return lefts;
    }

    private static Standing.Left left(RouteLimit limit, Forecast forecast) {
        return new Standing.Left(policy(limit).name(), forecast.free(), forecast.delay());
    }

    @Override
    public Limit pace() {
        var limit = budget.limit();
        var longest = limit.per();
        for (var allowance : allowances) {
            longest = allowance.limit().per().compareTo(longest) > 0
                    ? allowance.limit().per()
                    : longest;
        }
        double least = in(longest, limit.requests(), limit.per());
        for (var allowance : allowances) {
            var own = allowance.limit();
            least = Math.min(least, in(longest, own.requests(), own.per()));
        }
        return new Limit((int) Math.max(1, least), longest, limit.daily());
    }

    private static double in(Duration longest, int requests, Duration per) {
        return (double) requests * longest.toMillis() / per.toMillis();
    }

    @Override
    public Future<Spend> trySpend(int wanted) {
        return spend(0, wanted).onSuccess(spend -> {
            if (spend.cause() == Cause.ROUTE) {
                events.fellShort(key(), Cause.ROUTE);
            }
        });
    }

    private Future<Spend> spend(int index, int wanted) {
        if (index == allowances.size()) {
            return budget.trySpend(wanted);
        }
        var allowance = allowances.get(index);
        return allowance.take(wanted).transform((taken, failure) -> {
            if (failure != null || taken.count() == 0) {
                var cause = failure != null ? Cause.DEGRADED : Cause.ROUTE;
                return Future.succeededFuture(new Spend(0, cause, ticker.read()));
            }
            return spend(index + 1, taken.count()).map(spend -> settle(allowance, taken, wanted, spend));
        });
    }

    /** What could not be used stays as credit, and what was is as old as the limit's own payment makes it. */
    private static Spend settle(RouteAllowance allowance, AllowancePart.Taken taken, int wanted, Spend spend) {
        allowance.giveBack(taken.count() - spend.granted(), taken.paidAt());
        long goodUntil = allowance.goodUntil(taken.paidAt());
        long paidAt = goodUntil - spend.paidAt() < 0 ? goodUntil : spend.paidAt();
        var cause = spend.granted() < taken.count() || taken.count() == wanted ? spend.cause() : Cause.ROUTE;
        return new Spend(spend.granted(), cause, paidAt);
    }

    @Override
    public Future<Forecast> forecast(int position) {
        return forecast(position, Rivals.NONE);
    }

    @Override
    public Future<Forecast> forecast(int position, Rivals rivals) {
        var forecast = budget.forecast(position, rivals);
        for (var allowance : allowances) {
            var own = allowance.forecast(position + rivals.forRoute(allowance.key()));
            forecast =
                    forecast.compose(others -> own.map(others::orLater).otherwise(lost -> unasked(others, allowance)));
        }
        return forecast;
    }

    /** The endpoint's limit cannot be asked: its lane waits for that, and wants nothing of the key's meanwhile. */
    private static Forecast unasked(Forecast others, RouteAllowance allowance) {
        var again = Forecast.SILENT.delay();
        var delay = others.delay().compareTo(again) > 0 ? others.delay() : again;
        return new Forecast(0, delay, Cause.DEGRADED, Optional.of(allowance.key()));
    }

    /**
     * A 429 though the key has quota left is about the endpoint: only its limits are held, and the location's own before those
     * that all locations share.
     */
    @Override
    public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {
        boolean left = said.remaining().orElse(0) > 0 && said.isDayLeft();
        if (left) {
            var own = allowances.stream()
                    .filter(allowance -> allowance.limit().scope() == RouteLimit.Scope.LOCATION)
                    .toList();
            (own.isEmpty() ? allowances : own).forEach(allowance -> allowance.hold(pause));
        } else {
            budget.upstreamRefused(pause, said, paidAt);
        }
    }
}
