package io.ghlgateway.telemetry;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * The message and the {@code key=value} pairs of a line that humans read (logfmt). One event is one line, whatever it says:
 * control characters are shown as {@code ?}, and a value with blanks or quotes in it is quoted.
 */
public final class Logfmt extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        var line = new StringBuilder(256);
        write(event, line);
        return line.toString();
    }

    static void write(ILoggingEvent event, StringBuilder line) {
        int start = line.length();
        plain(String.valueOf(event.getFormattedMessage()), line);
        var pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (int i = 0; i < pairs.size(); i++) {
            var pair = pairs.get(i);
            if (line.length() > start) {
                line.append(' ');
            }
            line.append(pair.key).append('=');
            value(String.valueOf(pair.value), line);
        }
    }

    private static void value(String text, StringBuilder line) {
        if (isBare(text)) {
            line.append(text);
            return;
        }
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            line.append(breaks(c) ? '?' : c);
        }
        line.append('"');
    }

    private static boolean isBare(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '"' || breaks(c)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Without anything that a terminal or a reader of lines would obey. */
    static void plain(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(breaks(c) ? '?' : c);
        }
    }

    /** Controls of ASCII and of Latin 1, and the two characters by which Unicode ends lines and paragraphs. */
    static boolean breaks(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }
}
