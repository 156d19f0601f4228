package io.ghlgateway.tenancy;

import java.time.Duration;
import java.util.Optional;

/**
 * What one caller may have at most, whatever there is; at least one of them.
 *
 * @param rate sends over all tenants together
 * @param concurrency requests of it under way at HighLevel at once, in each replica; 1 or more
 * @param share percent, 1 to 100, of a tenant's short window
 */
public record CallerQuota(Optional<Rate> rate, Optional<Integer> concurrency, Optional<Integer> share) {

    /** At most {@code requests} in any stretch of {@code per}. */
    public record Rate(int requests, Duration per) {}
}
