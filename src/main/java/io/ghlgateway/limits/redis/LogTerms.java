package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Openings;
import io.ghlgateway.limits.SlidingLog;
import io.vertx.core.Future;
import java.util.Set;

/** What a {@link RedisLog} depends on. */
interface LogTerms {

    /** The quota in force. */
    Limit limit();

    /** Asked before each payment: what is sent to a Redis that was given up may be granted much later. */
    boolean isRedisInUse();

    /** What it begins with where it is not in Redis. */
    Future<SlidingLog> beginning();

    /** When those are to open that are open already. */
    Openings openings();

    /** Where Redis says of which keys much is used; see {@link BusyKeys}. */
    byte[] channel();

    /** More of it may be used than Redis said there. */
    void busy();

    /** How many of the quota are left to others for now; see {@link Aftermath}. */
    int keptBack();

    /** Those of which this replica sent something; see {@link Repayment}. */
    Set<Repayment.Debtor> debtors();
}
