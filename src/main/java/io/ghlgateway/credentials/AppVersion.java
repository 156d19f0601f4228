package io.ghlgateway.credentials;

import java.time.Instant;

/**
 * A version of an app where it is installed.
 *
 * @param id HighLevel's
 * @param since when it was installed
 */
public record AppVersion(String id, Instant since) {}
