package io.ghlgateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * What a window gave, and how it stood thereafter.
 *
 * @param byPace whether the window had more, and only may not give so many at once
 * @param left how many the window would give now, though it may not at once
 * @param reading null where a window's standing says nothing of what others spend
 * @param waited how long after it was asked for it was made, in nanoseconds; zero or more
 */
public record Payment(
        int count, boolean byPace, long left, @Nullable Reading reading, long waited) {

    /** Made at once. */
    public Payment(int count, boolean byPace, long left, @Nullable Reading reading) {
        this(count, byPace, left, reading, 0);
    }
}
