package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Reach;
import java.util.Optional;
import java.util.Set;

/**
 * An internal service.
 *
 * @param keys some may have expired; none where it comes with tokens alone
 */
public record CallerSettings(Caller caller, Set<CallerKey> keys) {

    public CallerSettings {
        keys = Set.copyOf(keys);
    }

    public String name() {
        return caller.name();
    }

    /** One of one key that may ask anything for those in reach. */
    public static CallerSettings of(String name, CallerKey key, Reach reach, Optional<String> defaultTenant) {
        return new CallerSettings(
                new Caller(name, reach, Permissions.ALL, defaultTenant, 1, Optional.empty()), Set.of(key));
    }
}
