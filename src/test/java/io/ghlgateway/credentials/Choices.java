package io.ghlgateway.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** Decides what happens next, and remembers what it decided, so that a run can be had again. */
final class Choices {

    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final IntUnaryOperator next;

    private Choices(IntUnaryOperator next) {
        this.next = next;
    }

    /** Follows the prefix and from then on takes the first of what there is. */
    static Choices following(List<Integer> prefix) {
        var at = new int[1];
        return new Choices(width -> at[0] < prefix.size() ? prefix.get(at[0]++) : 0);
    }

    /** The first of what there is, mostly; now and then any. */
    static Choices random(long seed) {
        var random = new SplittableRandom(seed);
        return new Choices(width -> random.nextInt(4) == 0 ? random.nextInt(width) : 0);
    }

    int of(int width) {
        if (width == 1) {
            return 0;
        }
        int choice = next.applyAsInt(width);
        taken.add(choice);
        widths.add(width);
        return choice;
    }

    List<Integer> taken() {
        return List.copyOf(taken);
    }

    /** The run after this one, depth first: the last choice that could have been another one; null after the last. */
    List<Integer> successor() {
        for (int i = taken.size() - 1; i >= 0; i--) {
            if (taken.get(i) + 1 < widths.get(i)) {
                var prefix = new ArrayList<>(taken.subList(0, i));
                prefix.add(taken.get(i) + 1);
                return prefix;
            }
        }
        return null;
    }
}
