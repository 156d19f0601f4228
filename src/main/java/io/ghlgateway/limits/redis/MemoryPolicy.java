package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisInfo;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Redis may drop keys for want of memory, as its INFO says; what was spent would be forgotten with them. */
final class MemoryPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryPolicy.class);

    private final LimitEvents events;
    private volatile String evicts = ""; // the policy by which it drops keys; empty: it drops none

    MemoryPolicy(LimitEvents events) {
        this.events = events;
    }

    /** A sentence where it may. */
    List<String> weaknesses() {
        return evicts.isEmpty()
                ? List.of()
                : List.of("Redis has maxmemory-policy " + evicts
                        + ": under memory pressure it forgets what was spent; set noeviction");
    }

    void look(List<String> infos) {
        var policy = infos.stream()
                .flatMap(info -> RedisInfo.field(info, "maxmemory_policy").stream())
                .filter(each -> !each.equals("noeviction"))
                .findFirst()
                .orElse("");
        if (!policy.equals(evicts)) {
            evicts = policy;
            weaknesses().forEach(LOG::warn);
            events.storeMayEvict(!policy.isEmpty());
        }
    }
}
