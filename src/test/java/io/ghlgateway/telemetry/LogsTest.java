package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;

/** What a line of the log looks like, and that nobody but the gateway begins one. */
class LogsTest {

    /** As a stranger would end a line and begin one that looks like ours. */
    private static final String FORGED =
            "x\r\n2026-01-01T00:00:00.000Z INFO  access status=200\u2028\u0085\u001b[2J\" } \\";

    private static final String PATTERN = """
            <configuration>
              <conversionRule conversionWord="logfmt" class="io.ghlgateway.telemetry.Logfmt"/>
              <conversionRule conversionWord="indented" class="io.ghlgateway.telemetry.IndentedTrace"/>
              <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
                <encoder>
                  <charset>UTF-8</charset>
                  <pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %logfmt%n%indented{full}</pattern>
                </encoder>
              </appender>
              <appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
                <appender-ref ref="CONSOLE"/>
              </appender>
              <root level="WARN">
                <appender-ref ref="ASYNC"/>
              </root>
            </configuration>
            """;

    private final LoggerContext loggers = new LoggerContext();

    @AfterEach
    void stop() {
        loggers.stop();
    }

    @Test
    void aLineForHumansIsItsMessageAndThePairs() throws Exception {
        var line = human(event("sent", pair("status", 200), pair("cause", "no room"), pair("tenant", "")))
                .strip();

        assertThat(line).endsWith("INFO  access sent status=200 cause=\"no room\" tenant=\"\"");
    }

    @Test
    void whatIsSaidBeginsNoLineForHumans() throws Exception {
        var event = event(FORGED, pair("cause", FORGED));
        event.setThrowableProxy(new ThrowableProxy(new IOException(FORGED, new IllegalStateException(FORGED))));

        var lines = human(event).split("\\R");

        assertThat(lines).hasSizeGreaterThan(4);
        assertThat(lines[0]).contains(" INFO  access x??2026-").contains("cause=\"x??2026-");
        assertThat(lines).filteredOn(line -> !line.startsWith("\t")).containsExactly(lines[0]);
        assertThat(lines).allMatch(line -> line.substring(1).chars().noneMatch(c -> Character.isISOControl(c)));
    }

    @Test
    void aLineOfJsonHasThePairsAsFields() {
        var line = json(event("sent", pair("status", 200), pair("wait_ms", new BigDecimal("0.1"))));

        assertThat(line).endsWith("}\n").doesNotContain("kvpList");
        var fields = new JsonObject(line);
        assertThat(fields.fieldNames())
                .containsExactly(
                        "timestamp", "level", "threadName", "loggerName", "throwable", "message", "status", "wait_ms");
        assertThat(fields.getString("level")).isEqualTo("INFO");
        assertThat(fields.getString("loggerName")).isEqualTo("access");
        assertThat(fields.getString("message")).isEqualTo("sent");
        assertThat(fields.getInteger("status")).isEqualTo(200);
        assertThat(fields.getDouble("wait_ms")).isEqualTo(0.1);
    }

    @Test
    void whatIsSaidStaysWithinItsFieldOfJson() {
        var event = event(FORGED, pair("cause", FORGED));
        event.setThrowableProxy(new ThrowableProxy(new IOException(FORGED)));

        var line = json(event);

        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        var fields = new JsonObject(line);
        assertThat(fields.getString("message")).isEqualTo(FORGED);
        assertThat(fields.getString("cause")).isEqualTo(FORGED);
        assertThat(fields.getJsonObject("throwable").getString("message")).isEqualTo(FORGED);
    }

    private LoggingEvent event(String message, KeyValuePair... pairs) {
        var event = new LoggingEvent(
                LogsTest.class.getName(), loggers.getLogger("access"), Level.INFO, message, null, null);
        for (var pair : pairs) {
            event.addKeyValuePair(pair);
        }
        return event;
    }

    private static KeyValuePair pair(String key, Object value) {
        return new KeyValuePair(key, value);
    }

    private String json(ILoggingEvent event) {
        var encoder = new JsonLines();
        encoder.start();
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    /** What a file of the operator's own may say, too. */
    @Test
    void aLineForHumansIsWhatItsPatternWouldWrite() throws Exception {
        configure(PATTERN);
        var pattern = async();
        var own = new TextLines();
        own.start();
        var failed = event("failed", pair("cause", "a \\ b\" c"), pair("bare\\", "a\\b"));
        failed.setThrowableProxy(new ThrowableProxy(new IOException(FORGED, new IllegalStateException())));
        var named = loggers.getLogger("io.ghlgateway.telemetry.Logs");
        var pair = new LoggingEvent("", named, Level.ERROR, "", null, null);
        pair.addKeyValuePair(pair("status", null));

        long now = failed.getTimeStamp();
        for (var time : List.of(now, now + 7, now + 1_000, now + 90 * 86_400_000L, now + 180 * 86_400_000L, 5L, -1L)) {
            for (var each : List.of(failed, pair)) {
                each.setInstant(Instant.ofEpochMilli(time));
                assertThat(written(own, each)).isEqualTo(written(pattern.getEncoder(), each));
            }
        }
    }

    @Test
    void theSwitchTurnsAConsoleBehindAQueueToJson() throws Exception {
        configure(PATTERN);

        Logs.writeJson(loggers);

        assertThat(new JsonObject(written(async().getEncoder(), event("sent"))).getString("message"))
                .isEqualTo("sent");
        assertThat(async().isStarted()).isTrue();
    }

    @Test
    void theSwitchTurnsTheConsoleThatShipsToJson() throws Exception {
        configure();

        Logs.writeJson(loggers);

        assertThat(new JsonObject(written(event("sent"))).getString("message")).isEqualTo("sent");
        assertThat(console().isStarted()).isTrue();
    }

    private String human(ILoggingEvent event) throws Exception {
        configure();
        return written(event);
    }

    /** As it ships. Nothing is appended to its console. */
    private void configure() throws JoranException, IOException {
        configure(Files.readString(Path.of("src/main/resources/logback.xml")));
    }

    private void configure(String xml) throws JoranException {
        var configurator = new JoranConfigurator();
        configurator.setContext(loggers);
        configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private String written(ILoggingEvent event) {
        return written(console().getEncoder(), event);
    }

    private static String written(Encoder<ILoggingEvent> encoder, ILoggingEvent event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    private OutputStreamAppender<ILoggingEvent> console() {
        return (OutputStreamAppender<ILoggingEvent>)
                loggers.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
    }

    private OutputStreamAppender<ILoggingEvent> async() {
        var queue = (AsyncAppender) loggers.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("ASYNC");
        return (OutputStreamAppender<ILoggingEvent>) queue.getAppender("CONSOLE");
    }
}
