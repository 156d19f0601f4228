/**
 * Observers: they implement the domain's {@code …Events} and say how what happened is counted and logged. The only
 * package that imports Micrometer.
 */
@NullMarked
package io.ghlgateway.telemetry;

import org.jspecify.annotations.NullMarked;
