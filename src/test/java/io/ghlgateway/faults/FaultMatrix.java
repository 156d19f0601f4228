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
 * Runs all rows, and writes what came of them to a table; the system property {@code rows} names some, whose results take the
 * place of their last ones. It fails
 * where a row does not hold, is proved by nothing, or has no result. {@code main(FILE)}
 */
final class FaultMatrix {

    static final String MEASURED = "measured";

    private static final List<Class<?>> OURS = List.of(
            RedisFaults.class,
            UpstreamFaults.class,
            TokenFaults.class,
            GatewayFaults.class,
            DoorFaults.class,
            SecurityFaults.class,
            HeapFaults.class);
    private static final int LONGEST = 1_000;
    private static final String PACKAGE = "io.ghlgateway.";

    private static final String HEAD = """
            # Faults

            What goes wrong, what must hold, and what was measured, written by `./mvnw -Pfaults -DskipTests verify`: change the tests, not
            the page. `-Drows="R1 U3"` runs some rows and replaces theirs, `-Dcounts=full -Dinterleavings=100000` takes more of S1, S4, G5 and
            G9. The gateway runs as processes of its own, and what HighLevel
            was sent is the simulated HighLevel's own account. "0 over budget" is: it refused nothing, and counted no more than the quota
            in any stretch of the interval. A time's bar is widened by four times the longest stall of the machine itself
            meanwhile, which is told beside it: so often a request waits for the CPU.
            In the rows of Redis an interval and its guard are 6 s ([decision](decisions/0021-a-redis-that-is-back-is-told-what-was-sent.md)).
            After each row of processes nothing of it is left: no place in line, no descriptor, no buffer (Netty's paranoid detector, in
            G8 its usual one).

            | row | what goes wrong | what must hold | measured | by | on |
            |---|---|---|---|---|---|
            """;

    /** What came of a row. */
    private record Result(boolean held, int tests, List<String> measured) {}

    private FaultMatrix() {}

    public static void main(String[] arguments) throws IOException {
        var chosen = Arrays.stream(System.getProperty("rows", "").split("\\W+"))
                .filter(name -> !name.isEmpty())
                .map(Row::valueOf)
                .toList();
        var page = Path.of(arguments[0]);
        var lines = chosen.isEmpty() ? new EnumMap<Row, String>(Row.class) : written(page);
        boolean held = true;
        for (var row : chosen.isEmpty() ? List.of(Row.values()) : chosen) {
            long start = System.nanoTime();
            var result = run(row);
            held &= result.held();
            lines.put(row, line(row, result));
            System.out.printf(
                    "%n%-4s %-6s %5.1f s  %s%n",
                    row,
                    result.held() ? "held" : "FAILED",
                    (System.nanoTime() - start) / 1e9,
                    String.join("; ", result.measured()));
            Files.writeString(page, HEAD + String.join("", lines.values()));
        }
        var missing = Arrays.stream(Row.values())
                .filter(row -> !lines.containsKey(row))
                .toList();
        System.out.println("rows without a result: " + missing);
        System.exit(held && missing.isEmpty() ? 0 : 1);
    }

    /** What other runs wrote. */
    private static Map<Row, String> written(Path page) throws IOException {
        var lines = new EnumMap<Row, String>(Row.class);
        if (Files.exists(page)) {
            for (var line : Files.readAllLines(page)) {
                Arrays.stream(Row.values())
                        .filter(row -> line.startsWith("| " + row + " |"))
                        .forEach(row -> lines.put(row, line + "\n"));
            }
        }
        return lines;
    }

    private static Result run(Row row) {
        var counts = new int[2];
        var measured = new ArrayList<String>();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests(row).toList())
                .configurationParameter(
                        "jqwik.reporting.usejunitplatform", "true") // else it only prints what is measured
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
                row.takenOver().stream().map(FaultMatrix::takenOver));
    }

    /** By the method itself: of a name alone JUnit takes one without parameters. */
    private static DiscoverySelector takenOver(String name) {
        var parts = name.split("#");
        try {
            var type = Class.forName(PACKAGE + parts[0]);
            if (parts.length == 1) {
                return selectClass(type);
            }
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(parts[1]))
                    .map(method -> selectMethod(type, method))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(name));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    private static Stream<Method> ours(Row row) {
        return OURS.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Proves.class)
                        && method.getAnnotation(Proves.class).value() == row);
    }

    private static String line(Row row, Result result) {
        return "| %s | %s | %s | %s%s | %s | %s |%n"
                .formatted(
                        row,
                        row.fault(),
                        row.bar(),
                        result.held() ? "" : "**does not hold** ",
                        result.measured().isEmpty()
                                ? result.tests() + (result.tests() == 1 ? " test" : " tests")
                                : String.join("; ", result.measured()).replace("|", "/"),
                        by(row),
                        LocalDate.now(ZoneOffset.UTC));
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
