package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumTest {

    @Test
    void oneThatIsThereAndDoesNotStartFailsWithWhatItSaid(@TempDir Path directory) throws IOException {
        var broken = directory.resolve("chromium");
        Files.writeString(broken, "#!/bin/sh\necho 'a library is missing' >&2\nexit 3\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> Chromium.start(broken))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("does not start", "attempt 2", "has ended with 3", "a library is missing");
    }
}
