package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of the matrix itself, which the profile {@code faults} runs. */
class FaultMatrixTest {

    @ParameterizedTest
    @EnumSource(Row.class)
    void everyRowIsProvedBySomethingThatIsThereAndHasItsResult(Row row) throws IOException {
        assertThat(FaultMatrix.tests(row)).isNotEmpty(); // which fails for a name of nothing
        assertThat(Files.readAllLines(Path.of("src/docs/faults.md")))
                .anyMatch(line -> line.startsWith("| " + row + " |"));
    }
}
