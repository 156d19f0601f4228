package io.ghlgateway.faults;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs all rows, and writes what came of them to a table. A row that nothing proves fails
 * as one that does not hold does. {@code main(FILE)}; the system property {@code rows} names some, and then no table is written.
 */
final class FaultMatrix {

    static final String MEASURED = "measured";

    private static final List<Class<?>> OURS = List.of(
            RedisFaults.class, UpstreamFaults.class, TokenFaults.class, GatewayFaults.class, SecurityFaults.class);
    private static final int LONGEST = 1_000;
    private static final String PACKAGE = "io.ghlgateway.";

    /** What came of a row. */
    private record Result(boolean held, int tests, List<String> measured) {}

    private FaultMatrix() {}

    public static void main(String[] arguments) throws IOException {
        var chosen = Arrays.stream(System.getProperty("rows", "").split("\\W+"))
                .filter(name -> !name.isEmpty())
                .map(Row::valueOf)
                .toList();
        var results = new EnumMap<Row, Result>(Row.class);
        for (var row : chosen.isEmpty() ? List.of(Row.values()) : chosen) {
            long start = System.nanoTime();
            var result = run(row);
            results.put(row, result);
            System.out.printf(
                    "%n%-4s %-6s %5.1f s  %s%n",
                    row,
                    result.held() ? "held" : "FAILED",
                    (System.nanoTime() - start) / 1e9,
                    String.join("; ", result.measured()));
        }
        if (chosen.isEmpty()) {
            Files.writeString(Path.of(arguments[0]), table(results));
        }
        System.exit(results.values().stream().allMatch(Result::held) ? 0 : 1);
    }

    private static Result run(Row row) {
        var counts = new int[2];
        var measured = new ArrayList<String>();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests(row).toList())
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    counts[1]++;
                    result.getThrowable().ifPresent(failure -> failed(test, failure));
                } else if (test.isTest()) {
                    counts[0]++;
                }
            }

            @Override
            public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                var value = entry.getKeyValuePairs().get(MEASURED);
                if (value != null) {
                    measured.add(value);
                }
            }
        });
        return new Result(counts[0] > 0 && counts[1] == 0, counts[0], measured);
    }

    private static void failed(TestIdentifier test, Throwable failure) {
        var said = String.valueOf(failure.getMessage());
        System.out.println(test.getDisplayName() + ": " + said.substring(0, Math.min(said.length(), LONGEST)));
        Arrays.stream(failure.getStackTrace())
                .filter(step -> step.getClassName().startsWith(PACKAGE))
                .forEach(step -> System.out.println("    at " + step));
    }

    static Stream<DiscoverySelector> tests(Row row) {
        return Stream.concat(
                ours(row).map(method -> selectMethod(method.getDeclaringClass(), method)),
                row.takenOver().stream()
                        .map(name -> name.contains("#") ? selectMethod(PACKAGE + name) : selectClass(PACKAGE + name)));
    }

    private static Stream<Method> ours(Row row) {
        return OURS.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Proves.class)
                        && method.getAnnotation(Proves.class).value() == row);
    }

    private static String table(Map<Row, Result> results) {
        var text = new StringBuilder("""
                # Faults

                What goes wrong, what must hold, and what was measured on %s by `./mvnw -Pfaults -DskipTests verify`, which writes
                this page: change the tests, not the page. The gateway runs as processes of its own, and what HighLevel was sent is
                the simulated HighLevel's own account. "0 over budget" is: it refused nothing, and counted no more than the quota in
                any stretch of the interval. After each row nothing is left of it: no place in line, no descriptor, no buffer (Netty's
                paranoid detector).

                | row | what goes wrong | what must hold | measured | by |
                |---|---|---|---|---|
                """.formatted(LocalDate.now(ZoneOffset.UTC)));
        results.forEach((row, result) -> text.append("| %s | %s | %s | %s%s | %s |%n"
                .formatted(
                        row,
                        row.fault(),
                        row.bar(),
                        result.held() ? "" : "**does not hold**: ",
                        result.measured().isEmpty()
                                ? result.tests() + " tests held"
                                : String.join("; ", result.measured()),
                        by(row))));
        return text.toString();
    }

    private static String by(Row row) {
        return String.join(
                ", ",
                Stream.concat(
                                ours(row)
                                        .map(method ->
                                                method.getDeclaringClass().getSimpleName()),
                                row.takenOver().stream().map(name -> name.replaceAll("#.*|.*\\.(?=[A-Z])", "")))
                        .distinct()
                        .map(name -> "`" + name + "`")
                        .toList());
    }
}
