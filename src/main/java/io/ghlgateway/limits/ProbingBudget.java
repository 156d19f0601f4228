package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;

/** A budget that gives at most {@link #PROBES} sends before the first reply; see {@link ProbingBudgets}. */
final class ProbingBudget extends ForwardingBudget {

    static final int PROBES = 10;
    /** When to look again whether a probe was answered. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Ticker ticker;
    private volatile boolean heard;
    private int probes; // guarded by this: paid for and not yet answered
    private long began; // guarded by this: when the first of them was

    ProbingBudget(Budget budget, Ticker ticker) {
        super(budget);
        this.ticker = ticker;
        this.began = ticker.read();
    }

    @Override
    public Future<Spend> trySpend(int wanted) {
        if (heard) {
            return budget.trySpend(wanted);
        }
        int most = claim(wanted);
        if (most == 0) {
            return Future.succeededFuture(new Spend(0, Cause.WINDOW, ticker.read()));
        }
        return budget.trySpend(most).map(spend -> {
            giveBack(most - spend.granted());
            return spend.granted() == most && most < wanted ? new Spend(most, Cause.WINDOW, spend.paidAt()) : spend;
        });
    }

    @Override
    public Future<Forecast> forecast(int position) {
        return budget.forecast(position).map(forecast -> {
            int left = heard ? Integer.MAX_VALUE : left();
            if (forecast.free() == 0 || forecast.free() <= left) {
                return forecast;
            }
            return left > 0 || !forecast.isNow()
                    ? new Forecast(left, forecast.delay(), forecast.cause())
                    : new Forecast(0, LOOK_AGAIN, Cause.WINDOW);
        });
    }

    /** Any reply will do: one without rate headers says that there is nothing to learn. */
    @Override
    public void observe(RateHeaders headers, long paidAt) {
        budget.observe(headers, paidAt);
        heard = true;
    }

    private synchronized int claim(int wanted) {
        int claimed = Math.min(wanted, left());
        if (probes == 0) {
            began = ticker.read();
        }
        probes += claimed;
        return claimed;
    }

    private synchronized void giveBack(int unused) {
        probes = Math.max(0, probes - unused); // they may have been given up for lost meanwhile
    }

    /** Probes that were never answered (the upstream is down) are given up for lost after one interval. */
    private synchronized int left() {
        if (ticker.read() - began > limit().per().toNanos()) {
            probes = 0;
        }
        return PROBES - probes;
    }
}
