package io.ghlgateway.faults;

import java.util.List;

/**
 * What goes wrong, and what must hold all the same. A row is held by the tests that say {@link Proves} of it, and by those
 * that are named here: they were there before, and are run again.
 */
enum Row {
    R1("Redis is down at the start", "live, not ready, at most two lines of log in 10 s; ready <= 1 s after Redis"),
    R2(
            "Redis is killed amid traffic, and comes back with what it had",
            "0 over budget; decisions + <= 150 ms; shared again <= 2 s; p99 of a quota little used + <= 20 ms"),
    R3(
            "Redis hangs (SIGSTOP); or the way to it delays, cuts and refuses",
            "0 over budget; decisions + <= 450 ms; shared again <= 2 s; p99 of a quota little used + <= 300 ms where it hangs, 450 ms where it is"
                    + " slow, an interval and guard where it comes and goes"),
    R4(
            "Redis is killed and comes back empty",
            "0 over budget; decisions + <= 150 ms; shared again <= 2 s; p99 of a quota little used + <= 20 ms",
            "limits.redis.RedisLossTest"),
    R5(
            "a Sentinel promotes a replica",
            "0 over budget; decisions + <= 150 ms; shared again <= 1 s after Sentinels name it; p99 of a quota little used + <= 20 ms; no"
                    + " token lost",
            "limits.redis.SentinelLossTest"),
    R6("a Cluster's slot moves; a node is gone", "0 caller errors; 0 over budget", "limits.redis.ClusterLossTest"),
    R7(
            "a master is made a replica (READONLY)",
            "left, and no fresh burst when it is master again",
            "limits.redis.RedisLossTest#aRedisThatIsMadeToFollowAnotherIsLeftAndGrantsNoFreshBurstWhenItIsMasterAgain"),
    R8(
            "Redis has no memory left (OOM)",
            "as when it is gone; no token lost",
            "limits.redis.RedisLossTest#aRedisWithoutMemoryLeftLeavesTheLocalShareAndIsUsedAgainOnceItHasSome"),
    R9("Redis forgets its scripts (NOSCRIPT)", "0 caller errors; 0 over budget"),
    U1(
            "HighLevel refuses connections",
            "502 <= 1 s, also for POST; a POST is served <= 1.05 s after it takes connections again"),
    U2("HighLevel hangs", "504 at the deadline + 50 ms; its connection is closed"),
    U3("answers are cut off", "0 of 10,000 look complete; no POST sent twice", "StreamingTest"),
    U4(
            "a storm of 429s",
            "0 sends before the time; p99 of other tenants <= 1.05 of what it is where as many come at once without one; 3 attempts at most",
            "RetryTest"),
    U5("every second answer is a 503", "amplification <= 1.2 and the allowance; a POST is sent once"),
    U6(
            "Cloudflare's pages: 403, 520 to 527, 1015",
            "passed on unchanged, without the gateway's mark; 1015 rests everything",
            "BarredEgressTest",
            "limits.EgressTest",
            "highlevel.EdgeBlockTest"),
    U7(
            "the token endpoint answers HTML, half, too little, another's tokens, 503",
            "no token lost",
            "highlevel.HttpOAuthApiTest"),
    U8("the token endpoint is down for 6 h", "unseen by a token that lives a day", "credentials.RenewalOutageTest"),
    U9("the answer is lost after the rotation", "no token lost of 1,000", "credentials.RenewalExplorationTest"),
    U10("replicas renew at once", "one rotation each, no caller sees a 401", "RenewalStormTest"),
    U11("SIGKILL between answer and save", "no token lost; serves again < 10 s after a start"),
    G1("SIGTERM with a full queue", "0 cut; who waits is told; exit 0 <= drain + 1 s", "DrainTest"),
    G2(
            "callers are gone, in line or under way; the way from them cuts and resets",
            "0 upstream calls for those in line; GETs under way are cancelled, POSTs are not; nothing cut is sent as whole",
            "WaitingTest"),
    G3(
            "slow heads, bodies and readers; the way from callers delays and stalls",
            "all let go, long before an idle connection would be; all others served",
            "http.HttpDoorTest"),
    G4("huge heads, bodies, endless chunks, 100 of each at once", "431, 413, 413; memory + <= 50 MB"),
    G5("idle connections", "no more than there is room for; p99 < 10 ms beside them"),
    G6(
            "clocks that disagree by minutes",
            "0 over budget; tokens of callers pass 60 s either way",
            "limits.redis.ClockSkewTest",
            "edge.CallerTokensTest"),
    G7(
            "the day's quota is spent",
            "nothing sent in vain; Retry-After is the reset; sends again after it",
            "limits.HeapBudgetsTest",
            "limits.DayReserveTest"),
    G8("an event loop is held up", "none is told of; later than 10 ms in < 1 % of looks"),
    G9(
            "ten times what the quota allows, -Xmx256m",
            "0 broken; goodput >= 90 %; half of all refusals <= 5 ms; memory flat within 5 %"),
    G10("a wrong configuration", "exit 2 <= 2 s, all errors told with the right name", "settings.MisspeltKeyTest"),
    G11(
            "keys, keysets and certificates rotate",
            "old and new are good at once; no restart but for a keyset",
            "KeyRotationTest",
            "http.CertificateWatchTest",
            "ReloadTest",
            "tenancy.CallerRegistryTest"),
    G12("the disk takes nothing more", "nothing renewed that cannot be written down first; all served; no token lost"),
    S1(
            "webhooks forged, unsigned, twice, late",
            "0 forged taken; each genuine one delivered once",
            "highlevel.WebhookSignatureTest"),
    S2("requests that name another server", "0 canary hits", "StrictHttpTest"),
    S3("fields that inject or override", "what leaves is sound to a strict parser", "WhatLeavesTest"),
    S4("tenants at once, with cancels and resets", "0 mixed up", "InterleavingsTest"),
    S5("the operators' paths at the other doors", "none answers", "OperatorsDoorTest"),
    S6("secrets in logs, metrics, answers, files, Redis, a dump of the heap", "0 canaries found", "CanarySearchTest");

    private final String fault;
    private final String bar;
    private final List<String> takenOver;

    Row(String fault, String bar, String... takenOver) {
        this.fault = fault;
        this.bar = bar;
        this.takenOver = List.of(takenOver);
    }

    String fault() {
        return fault;
    }

    String bar() {
        return bar;
    }

    /** Classes under {@code io.ghlgateway}, with {@code #method} where one of their tests is meant. */
    List<String> takenOver() {
        return takenOver;
    }
}
