package io.ghlgateway;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks whose names match, all alike, and writes what came of all of them to a dated page.
 * {@code main(PATTERN, FOLDER)}; with another pattern than {@value #ALL} nothing is written.
 */
final class Benchmarks {

    private static final String ALL = ".*Benchmark";
    private static final int WARM_UPS = 2;
    private static final int ITERATIONS = 4;
    private static final String BYTES = "gc.alloc.rate.norm";

    private Benchmarks() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        var pattern = arguments[0];
        double busy = load();
        var results = new Runner(new OptionsBuilder()
                        .include(pattern)
                        .forks(1)
                        .warmupIterations(WARM_UPS)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs("-Xmx1g")
                        .shouldFailOnError(true)
                        .build())
                .run();
        var page = page(results, busy);
        System.out.println(page);
        if (pattern.equals(ALL)) {
            var file = Path.of(arguments[1]).resolve(LocalDate.now(ZoneOffset.UTC) + "-benchmarks.md");
            Files.writeString(file, page);
            System.out.println("written to " + file);
        }
    }

    private static String page(Collection<RunResult> results, double busy) throws IOException {
        var page = new StringBuilder()
                .append("# What one call costs, by itself\n\n")
                .append(
                        "By `./mvnw -q -Pbench test-compile exec:exec` at commit `%s`, on %s, whose load was %.1f when it began.%n"
                                .formatted(commit(), machine(), busy))
                .append(
                        "JMH: one thread, a JVM for each benchmark, %d iterations of 1 s after %d to warm up; \"±\" is its 99.9 %% interval.%n"
                                .formatted(ITERATIONS, WARM_UPS))
                .append(
                        "What each of them does stands in [`loadtest/README.md`](../README.md#what-one-call-costs).\n\n")
                .append("| benchmark | ns | ± ns | bytes allocated |\n|---|---|---|---|\n");
        for (var result : results) {
            var time = result.getPrimaryResult();
            var bytes = result.getSecondaryResults().get(BYTES);
            page.append("| `%s` | %.0f | %.0f | %.0f |%n"
                    .formatted(name(result.getParams()), time.getScore(), time.getScoreError(), bytes.getScore()));
        }
        return page.toString();
    }

    private static String name(BenchmarkParams benchmark) {
        return benchmark.getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String machine() throws IOException {
        var processor = "an unknown processor";
        var file = Path.of("/proc/cpuinfo");
        if (Files.isReadable(file)) {
            try (var lines = Files.lines(file)) {
                processor = lines.filter(line -> line.toLowerCase(Locale.ROOT).startsWith("model name"))
                        .map(line -> line.replaceFirst(".*:\\s*", ""))
                        .findFirst()
                        .orElse(processor);
            }
        }
        return "%d cores (%s), %s %s, JDK %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    /** {@code -dirty} where what was measured is not what was committed. */
    private static String commit() throws IOException {
        var git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                .redirectErrorStream(true)
                .start();
        var said = new String(git.getInputStream().readAllBytes()).strip();
        return said.matches("[\\w.-]+") ? said : "unknown";
    }
}
