package io.ghlgateway.limits;

import java.net.URI;

/**
 * What budgets are made with.
 *
 * @param initial the quota of a key until its replies say otherwise
 * @param learn whether replies' rate headers change a key's quota
 * @param tuning how strictly the short window is kept
 * @param upstream whose quota it is; tells apart what is spent at different upstreams
 */
public record BudgetSettings(Limit initial, boolean learn, StrictWindow.Tuning tuning, URI upstream) {}
