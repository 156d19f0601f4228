package io.ghlgateway.settings;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** For Jazzer: any text is a configuration, or is refused with problems that name the file and tell no secret. */
public final class ConfigurationFuzzer {

    private static final Path FILE = Path.of("fuzz.yaml");
    private static final String CANARY = "canary-5d1f77c0";
    private static final Map<String, String> ENVIRONMENT = Map.of("KEY", CANARY, "TOKEN", "pit-" + CANARY);

    private ConfigurationFuzzer() {}

    /** @param data the text, in UTF-8 */
    public static void fuzzerTestOneInput(byte[] data) {
        var loaded = SettingsLoader.parse(FILE, new String(data, StandardCharsets.UTF_8), ENVIRONMENT);
        if (loaded instanceof Loaded.Refused refused) {
            boolean told = !refused.problems().isEmpty()
                    && refused.problems().stream().allMatch(problem -> problem.startsWith(FILE.toString()));
            if (!told) {
                throw new AssertionError("says not where: " + refused.problems());
            }
        }
        if (loaded.toString().contains(CANARY)) {
            throw new AssertionError("tells a secret: " + loaded);
        }
    }
}
