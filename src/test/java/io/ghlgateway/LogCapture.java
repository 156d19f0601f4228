package io.ghlgateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.ghlgateway.telemetry.Logfmt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** All that is logged until it is closed, as the log's lines show it; of our own loggers also what is usually left out. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final List<String> OURS = List.of("io.ghlgateway", "access", "credentials");

    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Map<Logger, @Nullable Level> levels = new LinkedHashMap<>();
    private final PatternLayout layout = new PatternLayout();
    private final StringBuffer text = new StringBuffer();

    LogCapture() {
        layout.setContext(loggers);
        layout.getInstanceConverterMap().put("logfmt", Logfmt::new);
        layout.setPattern("%-5level [%thread] %logger %logfmt %mdc%n%ex{full}");
        layout.start();
        OURS.forEach(name -> {
            var logger = loggers.getLogger(name);
            levels.put(logger, logger.getLevel());
            logger.setLevel(Level.TRACE);
        });
        setContext(loggers);
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        text.append(layout.doLayout(event));
    }

    String text() {
        return text.toString();
    }

    @Override
    public void close() {
        root.detachAppender(this);
        levels.forEach(Logger::setLevel);
        stop();
    }
}
