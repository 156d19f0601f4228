package io.ghlgateway.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Constants as scripts and command lines write them: {@code command-timed-out}. */
final class Spelling {

    private Spelling() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> Optional<E> find(E[] all, String text) {
        return Arrays.stream(all).filter(one -> of(one).equals(text)).findFirst();
    }
}
