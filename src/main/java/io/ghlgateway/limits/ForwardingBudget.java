package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Another budget, of one key alone, but for how it is paid: that, and what comes of endpoints, its heirs say. */
abstract class ForwardingBudget implements Budget {

    final Budget budget;

    ForwardingBudget(Budget budget) {
        this.budget = budget;
    }

    @Override
    public BudgetKey key() {
        return budget.key();
    }

    @Override
    public Limit limit() {
        return budget.limit();
    }

    @Override
    public int replicas() {
        return budget.replicas();
    }

    @Override
    public Restraint restraint() {
        return budget.restraint();
    }

    @Override
    public Optional<Duration> dayExhaustedIn() {
        return budget.dayExhaustedIn();
    }

    @Override
    public Standing standing() {
        return budget.standing();
    }

    @Override
    public void observe(RateHeaders headers, long paidAt) {
        budget.observe(headers, paidAt);
    }

    @Override
    public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {
        budget.upstreamRefused(pause, said, paidAt);
    }

    @Override
    public void blocked(Optional<Duration> asked) {
        budget.blocked(asked);
    }

    @Override
    public Duration held() {
        return budget.held();
    }

    @Override
    public Future<Void> rest(Duration pause) {
        return budget.rest(pause);
    }

    @Override
    public Future<Void> wake() {
        return budget.wake();
    }
}
