package io.ghlgateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * What a bucket gave, and how it stood thereafter.
 *
 * @param reading null where a bucket's standing says nothing of what others spend
 */
record Payment(int count, @Nullable Reading reading) {}
