package io.ghlgateway.settings;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Whole numbers with a unit, as the configuration writes them: {@code 250ms}, {@code 5m}; {@code 32KiB}, {@code 1GiB}. */
enum Units {
    /** In milliseconds. */
    TIME(unit("ms", 1), unit("s", 1_000), unit("m", 60_000), unit("h", 3_600_000), unit("d", 86_400_000)),
    /** In bytes. */
    SIZE(unit("B", 1), unit("KiB", 1L << 10), unit("MiB", 1L << 20), unit("GiB", 1L << 30));

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18})([A-Za-z]+)");

    private final List<Unit> units;

    Units(Unit... units) {
        this.units = List.of(units);
    }

    /** Empty when there is no such unit, or the product is beyond 64 bits. */
    OptionalLong parse(String text) {
        var quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(quantity.group(1));
        return units.stream()
                .filter(unit -> unit.name().equals(quantity.group(2)) && number <= Long.MAX_VALUE / unit.size())
                .mapToLong(unit -> number * unit.size())
                .findFirst();
    }

    /** In the largest unit that says it exactly. */
    String format(long quantity) {
        for (int i = units.size() - 1; i > 0; i--) {
            var unit = units.get(i);
            if (quantity > 0 && quantity % unit.size() == 0) {
                return quantity / unit.size() + unit.name();
            }
        }
        return quantity + units.get(0).name();
    }

    private static Unit unit(String name, long size) {
        return new Unit(name, size);
    }

    private record Unit(String name, long size) {}
}
