package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Token;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.SpendJournal;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.WallClock;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A dispatcher with real budgets in memory, by a clock that the test moves, before a fake upstream. */
final class RealBudgets {

    static final Limit QUOTA = new Limit(100, Duration.ofSeconds(10), 1_000_000);
    /** In any stretch of which a quota of {@link #QUOTA} gives no more than its 100. */
    static final Duration PERIOD = Duration.ofMillis(64 * 162);

    static final Duration ENDLESS = Duration.ofHours(1);

    final FakeTime time = new FakeTime();
    final FakeUpstream upstream = new FakeUpstream();
    final Lanes lanes;
    final List<Refusal> refused = new ArrayList<>();
    int ended;
    private final Dispatcher dispatcher;

    /** @param reserve for interactive calls, in percent */
    RealBudgets(Optional<Integer> reserve) {
        this(reserve, QUOTA);
    }

    RealBudgets(Optional<Integer> reserve, Limit quota) {
        var budgets = budgets(quota, time);
        lanes = new Lanes(
                budgets,
                Optional.of(budgets.callers(reserve)),
                time,
                time,
                new Lanes.Bounds(2_000, 5_000, 1_000),
                Duration.ofMillis(50),
                DispatchEvents.NONE);
        dispatcher = dispatcher(lanes, upstream, time);
    }

    /** At the beginning of a {@link #PERIOD}. */
    static BucketBudgets budgets(Limit quota, FakeTime time) {
        var settings =
                new BudgetSettings(quota, false, StrictWindow.Tuning.BURST, URI.create("https://upstream.example"));
        var clock = WallClock.starting(InstantSource.fixed(Instant.ofEpochMilli(PERIOD.toMillis() * 1_000_000)), time);
        return BucketBudgets.inMemory(settings, SpendJournal.none(), clock, time, LimitEvents.NONE);
    }

    /** That has a token for everybody. */
    static Dispatcher dispatcher(Lanes lanes, FakeUpstream upstream, FakeTime time) {
        TokenSource tokens =
                (tenant, route) -> Future.succeededFuture(new Token(Token.Kind.PRIVATE, Secret.of("pit-1")));
        return new Dispatcher(lanes, tokens, upstream, new Retries(3, Set.of(), 20, 10, time, new SplittableRandom(1)));
    }

    static Caller caller(String name) {
        return Callers.any(name);
    }

    void many(int count, Caller caller, Urgency urgency, Duration patience) {
        for (int i = 0; i < count; i++) {
            send(call(caller, urgency, patience));
        }
    }

    void send(Call call) {
        send(call, outcome -> {});
    }

    void send(Call call, Consumer<Outcome> then) {
        dispatcher.dispatch(call).onComplete((end, failure) -> {
            assertThat(failure).isNull();
            ended++;
            if (end instanceof Outcome.Refused refusal) {
                refused.add(refusal.refusal());
            }
            call.leavesPlace();
            then.accept(end);
        });
    }

    Call call(Caller caller, Urgency urgency, Duration patience) {
        return new Call(
                caller,
                new Tenant("acme", App.PRIVATE, Resource.location("loc1")),
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(
                        HttpMethod.GET, "/" + caller.name(), MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                Deadline.after(time.read(), patience),
                urgency,
                Runnable::run);
    }
}
