package io.ghlgateway.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reload says of what it takes over, and of what it cannot. */
class SettingsDiffTest {

    private static final Path REFERENCE = Path.of("conf/gateway.yaml");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ADMIN_KEY", "a",
            "ADMIN_READ_KEY", "r",
            "ACME_TOKEN", "pit-1",
            "AGENCY_TOKEN", "pit-2",
            "BILLING_KEY", "b",
            "GHL_CLIENT_SECRET", "s",
            "CRM_SECRET", "c",
            "GHL_GATEWAY_KEYSET", RecordCipher.newKeyset().reveal(),
            "other", RecordCipher.newKeyset().reveal());

    private static final Pattern OPTIONAL = Pattern.compile(
            "(?m)^( *)#(- issuer|max-connections|redis|uri|cluster|prefix"
                    + "|command-timeout|reserve|interactive|read-key|apps|methods|urgency|quota|rate|concurrency|share|jwt|audience"
                    + "|jwks-url|algorithms|caller-claim|callers|tracing|endpoint|service-name|sampling-ratio|propagate):");
    private static final Pattern SETTING = Pattern.compile("^ *(?:- )?([a-z-]+): (\\S.*)$");

    /** A line of it changed alone is told, by its key where that stands by itself; nothing is taken over in silence. */
    @Test
    void noKeyOfTheReferenceChangesInSilence() throws IOException {
        var lines = OPTIONAL.matcher(Files.readString(REFERENCE))
                .replaceAll("$1$2:")
                .lines()
                .map(line -> line.replaceAll("(^| )#.*$", ""))
                .toList();
        var before = settings(lines).orElseThrow();
        var silent = new ArrayList<String>();
        int told = 0;

        for (int i = 0; i < lines.size(); i++) {
            var setting = SETTING.matcher(lines.get(i));
            if (setting.matches()) {
                for (var now : changed(lines, i, setting.group(2), before)) {
                    var said = Stream.of(
                                    RestartKeys.changed(before, now),
                                    Configured.moved(before, now),
                                    SettingsDiff.changes(before, now))
                            .flatMap(List::stream)
                            .toList();
                    told++;
                    if (said.isEmpty()) {
                        silent.add(lines.get(i));
                    }
                }
            }
        }

        assertThat(silent).isEmpty();
        assertThat(told).isGreaterThan(90);
    }

    @Test
    void noSecretIsTold() throws IOException {
        var text = Files.readString(REFERENCE).lines().toList();
        var before = settings(text).orElseThrow();

        var now = settings(text.stream()
                        .map(line -> line.replaceAll("\\$\\{(ADMIN|BILLING)_KEY}", "hush-$1-key")
                                .replaceAll("\\$\\{ACME_TOKEN}", "pit-hush"))
                        .toList())
                .orElseThrow();

        assertThat(SettingsDiff.changes(before, now))
                .containsExactly(
                        "tenants: 'acme' changed (token)", "callers: 'billing' changed (keys)", "admin.key: changed");
    }

    /** With another value in this line, of those that may stand there. */
    private static List<Settings> changed(List<String> lines, int at, String value, Settings before) {
        return Stream.of(
                        value.replaceFirst("(\\d+)", "1$1"),
                        value.replaceFirst("(\\d+)", "7"),
                        value.equals("true") ? "false" : "true",
                        value.equals("none") ? "./data" : "none",
                        value.replaceFirst("\\w+(?=[^\\w]*$)", "other"),
                        value + "x",
                        "[GET]",
                        "[ES256]",
                        "[PUT]",
                        "never")
                .filter(other -> !other.equals(value))
                .map(other -> {
                    var text = new ArrayList<>(lines);
                    text.set(at, lines.get(at).replace(": " + value, ": " + other));
                    return settings(text).filter(now -> !now.equals(before));
                })
                .flatMap(Optional::stream)
                .limit(1)
                .toList();
    }

    private static Optional<Settings> settings(List<String> lines) {
        return SettingsLoader.parse(REFERENCE, String.join("\n", lines), ENVIRONMENT) instanceof Loaded.Ready ready
                ? Optional.of(ready.settings())
                : Optional.empty();
    }
}
