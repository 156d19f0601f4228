/**
 * The callers' door: who asks, for whom, how long they wait, and how they are answered. HTTP as callers see it lives
 * here and in {@link io.ghlgateway.dispatch.Refusal} only.
 */
@NullMarked
package io.ghlgateway.edge;

import org.jspecify.annotations.NullMarked;
