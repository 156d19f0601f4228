package io.ghlgateway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A line for humans: time, level, logger, {@link Logfmt}, and under it the trace, if there is one ({@link IndentedTrace}). What
 * the pattern <code>%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %logfmt%n%indented{full}</code> writes, at a
 * fraction of its cost.
 */
public final class TextLines extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.");
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("XXX ");

    private final IndentedTrace trace = new IndentedTrace();
    private final StringBuilder line = new StringBuilder(512);
    /** Since 1970. */
    private long second = Long.MIN_VALUE;

    private String date = "";
    private String offset = "";

    @Override
    public void start() {
        trace.setOptionList(List.of("full"));
        trace.start();
        super.start();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        line.setLength(0);
        time(event.getTimeStamp());
        var level = event.getLevel().levelStr;
        line.append(level);
        for (int width = level.length(); width < 6; width++) {
            line.append(' ');
        }
        var logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(' ');
        Logfmt.write(event, line);
        line.append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(trace.convert(event));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void time(long millis) {
        long now = Math.floorDiv(millis, 1_000L);
        if (now != second) {
            var at = Instant.ofEpochSecond(now).atZone(ZoneId.systemDefault());
            date = SECOND.format(at);
            offset = OFFSET.format(at);
            second = now;
        }
        int fraction = (int) Math.floorMod(millis, 1_000L);
        line.append(date)
                .append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10))
                .append(offset);
    }

    /** The line under way is kept between calls. */
    @Override
    public boolean isStateful() {
        return true;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
