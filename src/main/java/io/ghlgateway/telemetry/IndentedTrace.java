package io.ghlgateway.telemetry;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** A stack trace none of whose lines can be taken for one of the log's own: each begins with a tab. */
public final class IndentedTrace extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        var lines = new StringBuilder();
        super.throwableProxyToString(thrown).lines().forEach(line -> {
            lines.append('\t');
            Logfmt.plain(line.strip(), lines);
            lines.append(System.lineSeparator());
        });
        return lines.toString();
    }
}
