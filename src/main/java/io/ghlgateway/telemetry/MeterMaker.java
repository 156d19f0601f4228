package io.ghlgateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Makes the gateway's meters. Names are told to it without {@link #PREFIX}, labels as key and value in turn. */
record MeterMaker(MeterRegistry registry) {

    static final String PREFIX = "ghl_gateway_";

    Counter counter(String name, String description, String... labels) {
        return counter(name, description, Tags.of(labels));
    }

    /** One for each cause, under the label {@code cause}. What comes with none of these causes is not counted. */
    <C> Consumer<C> counters(
            String name, String description, Set<C> causes, Function<C, String> wire, String... labels) {
        var counters = causes.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        cause -> counter(name, description, Tags.of(labels).and("cause", wire.apply(cause)))));
        return cause -> {
            var counter = counters.get(cause);
            if (counter != null) {
                counter.increment();
            }
        };
    }

    private Counter counter(String name, String description, Tags labels) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    /** Counts one, where what is counted is not known before. */
    void count(String name, String... labels) {
        registry.counter(PREFIX + name, labels).increment();
    }

    /** All of this name that there are so far. */
    Collection<Counter> counters(String name) {
        return registry.find(PREFIX + name).counters();
    }

    Timer timer(String name, String description, long... bucketMillis) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .serviceLevelObjectives(
                        LongStream.of(bucketMillis).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
                .register(registry);
    }

    /** @param value asked at each scrape */
    void gauge(String name, String description, Supplier<Number> value, String... labels) {
        Gauge.builder(PREFIX + name, value)
                .description(description)
                .tags(labels)
                .register(registry);
    }
}
