package io.ghlgateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * What a bucket gave, and how it stood thereafter.
 *
 * @param paced whether the window had more, and only may not give so many at once
 * @param reading null where a bucket's standing says nothing of what others spend
 */
record Payment(int count, boolean paced, @Nullable Reading reading) {}
