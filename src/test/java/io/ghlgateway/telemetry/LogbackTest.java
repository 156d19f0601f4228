package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an operator sees who configures nothing about it. */
class LogbackTest {

    private static final Pattern NAMED = Pattern.compile("getLogger\\(\"([a-z.]+)\"\\)");

    /** Reloads, certificates, what becomes of credentials: each is told at INFO, by loggers of several names. */
    @Test
    void whatOurOwnLoggersTellAtInfoIsShownAndOthersBeginAtWarn() throws JoranException, IOException {
        var loggers = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(loggers);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        var names = new TreeSet<String>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                NAMED.matcher(Files.readString(file)).results().forEach(name -> names.add(name.group(1)));
            }
        }

        assertThat(names)
                .contains("credentials", "tls")
                .allMatch(name -> loggers.getLogger(name).isInfoEnabled());
        assertThat(loggers.getLogger("io.ghlgateway.wiring.Reload").isInfoEnabled())
                .isTrue();
        assertThat(loggers.getLogger("io.netty").isInfoEnabled()).isFalse();
        loggers.stop();
    }
}
