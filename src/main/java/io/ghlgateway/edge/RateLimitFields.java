package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ghlgateway.limits.Standing;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.limits.Standing.Policy;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers, 8 and later): lists of structured
 * fields (RFC 9651), each item a policy's name. {@code q} requests may be made in {@code w} seconds, {@code r} are left,
 * and in {@code t} seconds all will be there again if nobody asks; {@code t} is left out where that is now or unknown.
 */
final class RateLimitFields {

    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("RateLimit");

    /** Policies change when a quota is learned, and most keys have the same. */
    private final Cache<List<Policy>, String> policies =
            Caffeine.newBuilder().maximumSize(256).build();

    /** The last that were written: mostly the next are the same. */
    private List<Policy> last = List.of();

    private String lastField = "";

    /** On one event loop. */
    void write(Standing standing, MultiMap headers) {
        if (!standing.policies().isEmpty()) {
            if (!standing.policies().equals(last)) {
                lastField = policies.get(standing.policies(), RateLimitFields::policies);
                last = standing.policies();
            }
            headers.set(POLICY, lastField);
        }
        if (!standing.lefts().isEmpty()) {
            headers.set(LIMIT, lefts(standing.lefts()));
        }
    }

    private static String policies(List<Policy> policies) {
        var field = new StringBuilder(64);
        for (var policy : policies) {
            begin(field, policy.name()).append(";q=").append(policy.requests());
            field.append(";w=").append(Problems.ceilSeconds(policy.per()));
        }
        return field.toString();
    }

    private static String lefts(List<Left> lefts) {
        var field = new StringBuilder(64);
        for (var left : lefts) {
            begin(field, left.policy()).append(";r=").append(left.requests());
            if (!left.refill().isZero()) {
                field.append(";t=").append(Problems.ceilSeconds(left.refill()));
            }
        }
        return field.toString();
    }

    private static StringBuilder begin(StringBuilder field, String name) {
        return field.append(field.isEmpty() ? "\"" : ", \"").append(name).append('"');
    }
}
