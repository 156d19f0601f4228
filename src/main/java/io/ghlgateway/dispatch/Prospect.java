package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Forecast;
import java.util.Optional;

/**
 * What a call would meet in its line.
 *
 * @param position its place in it, 1 for the next
 * @param forecast when its turn would come, held against what this replica has been getting
 * @param refusal what it would be told at once; empty where it would be sent, now or in its patience
 */
public record Prospect(int position, Forecast forecast, Optional<Refusal> refusal) {}
