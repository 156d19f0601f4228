package io.ghlgateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Programs of the machine, run to their end. */
final class Shell {

    private Shell() {}

    /** What it says; anything but success is an error. */
    static String run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes());
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
