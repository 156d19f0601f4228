package io.ghlgateway.credentials;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A version of an app where it is installed.
 *
 * @param id HighLevel's
 * @param since when it was installed, to the millisecond
 */
public record AppVersion(String id, Instant since) {

    public AppVersion {
        since = since.truncatedTo(ChronoUnit.MILLIS);
    }
}
