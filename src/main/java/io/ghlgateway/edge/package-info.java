/**
 * The callers' door: who asks, for whom, how long they wait, and how they are answered. Their requests and answers
 * as HTTP has them live here; what is refused, and with which status, says {@link io.ghlgateway.dispatch.Refusal}.
 */
@NullMarked
package io.ghlgateway.edge;

import org.jspecify.annotations.NullMarked;
