package io.ghlgateway.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The form of all that is logged, the access log included. What it is before anything is said stands in {@code logback.xml}. */
public final class Logs {

    private Logs() {}

    /** Has what libraries say by java.util.logging join in. Once, before anything else. */
    public static void gather() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** From now on JSON, a line for each event. Before other threads log: what they say meanwhile is lost. */
    public static void writeJson() {
        writeJson((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /** Writes what has been said; what is said after it is lost. Before the process ends. */
    public static void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    static void writeJson(LoggerContext loggers) {
        writeJson(loggers, loggers.getLogger(Logger.ROOT_LOGGER_NAME));
    }

    private static void writeJson(LoggerContext loggers, AppenderAttachable<ILoggingEvent> all) {
        for (var each = all.iteratorForAppenders(); each.hasNext(); ) {
            Appender<ILoggingEvent> appender = each.next();
            if (appender instanceof AsyncAppender queue) {
                writeJson(loggers, queue);
            } else if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                var encoder = new JsonLines();
                encoder.setContext(loggers);
                encoder.start();
                stream.stop();
                stream.setEncoder(encoder);
                stream.start();
            }
        }
    }
}
