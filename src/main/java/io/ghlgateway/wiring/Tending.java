package io.ghlgateway.wiring;

import io.ghlgateway.credentials.Recovery;
import io.ghlgateway.credentials.TokenStore;
import io.ghlgateway.credentials.Upkeep;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upkeep of credentials at its pace, from when all installations are known until the end. Any thread. */
final class Tending {

    private static final Logger LOG = LoggerFactory.getLogger("credentials");

    private final Vertx vertx;
    private final Upkeep upkeep;
    private final Recovery recovery;
    private final TokenStore store;
    private final List<Long> timers = new ArrayList<>();
    private boolean ended;

    Tending(Vertx vertx, Upkeep upkeep, Recovery recovery, TokenStore store) {
        this.vertx = vertx;
        this.upkeep = upkeep;
        this.recovery = recovery;
        this.store = store;
    }

    /** Once; nothing after {@link #end}. */
    synchronized void begin() {
        if (ended) {
            return;
        }
        every(Upkeep.LOOK_EVERY, Upkeep.LOOK_EVERY, upkeep::look);
        every(Duration.ZERO, Upkeep.TEND_EVERY, upkeep::tend);
        every(Duration.ZERO, Upkeep.RELIST_EVERY, upkeep::relist);
        store.weaknesses().onSuccess(weak -> weak.forEach(each -> LOG.warn("the token store: {}", each)));
        recovery.reseal()
                .onSuccess(count -> {
                    if (count > 0) {
                        LOG.info("encrypted {} records anew with the keyset's first key", count);
                    }
                })
                .onFailure(failure ->
                        LOG.warn("records under older keys are not encrypted anew: {}", failure.getMessage()));
    }

    private void every(Duration first, Duration pace, Runnable task) {
        timers.add(vertx.setPeriodic(first.toMillis(), pace.toMillis(), id -> task.run()));
    }

    /** Begins nothing from now on; what is under way may go on. */
    synchronized void end() {
        ended = true;
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }
}
