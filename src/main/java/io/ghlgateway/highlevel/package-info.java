/**
 * HighLevel's wire: its operations, its rate headers, and the client that sends to it. Knows nothing of callers,
 * budgets or waiting.
 */
@NullMarked
package io.ghlgateway.highlevel;

import org.jspecify.annotations.NullMarked;
