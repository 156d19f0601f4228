package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to find a request's operation, and the location it names: each path of the catalogue in random order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MatchBenchmark {

    private record Asked(HttpMethod method, String path) {}

    private final RouteCatalogue catalogue = RouteCatalogue.load();
    private final List<Asked> asked = asked(catalogue);
    private int next;

    private static List<Asked> asked(RouteCatalogue catalogue) {
        var asked = catalogue.routes().stream()
                .map(route -> new Asked(route.method(), Templates.filled(route.template())))
                .collect(Collectors.toList());
        Collections.shuffle(asked, new Random(1));
        return asked;
    }

    private Asked next() {
        next = next + 1 == asked.size() ? 0 : next + 1;
        return asked.get(next);
    }

    @Benchmark
    public Route match() {
        var one = next();
        return catalogue.match(one.method(), one.path());
    }

    @Benchmark
    public List<NamedResource> matchAndName() {
        var one = next();
        return TenantFields.namedIn(
                catalogue.match(one.method(), one.path()), one.path(), "limit=20&locationId=ve9EPM428h8vShlRW1KT");
    }
}
