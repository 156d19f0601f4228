package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of the matrix itself, which the profile {@code faults} runs. */
class FaultMatrixTest {

    @ParameterizedTest
    @EnumSource(Row.class)
    void everyRowIsProvedBySomethingThatIsThereAndHasItsResult(Row row)
            throws IOException, ReflectiveOperationException {
        assertThat(FaultMatrix.tests(row)).isNotEmpty();
        for (var name : row.takenOver()) {
            var parts = name.split("#");
            var methods = Class.forName("io.ghlgateway." + parts[0]).getDeclaredMethods();
            assertThat(Arrays.stream(methods)
                            .filter(method ->
                                    parts.length == 1 || method.getName().equals(parts[1])))
                    .as(name)
                    .isNotEmpty();
        }
        assertThat(Files.readAllLines(Path.of("src/docs/faults.md")))
                .anyMatch(line -> line.startsWith("| " + row + " |"));
    }
}
