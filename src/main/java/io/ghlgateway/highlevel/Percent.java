package io.ghlgateway.highlevel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-decoding that never fails: what is no escape stays as it stands, and bytes that are no UTF-8 become the
 * replacement character. Meant for comparing and naming, never for building the upstream's path.
 */
final class Percent {

    private Percent() {}

    static String decode(String text) {
        return text.indexOf('%') < 0 ? text : decodeEscapes(text);
    }

    /** As in a query, where a plus sign is a blank. */
    static String decodeQuery(String text) {
        return decode(text.indexOf('+') < 0 ? text : text.replace('+', ' '));
    }

    private static String decodeEscapes(String text) {
        var decoded = new StringBuilder(text.length());
        var bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            int octet = octet(text, i);
            if (octet >= 0) {
                bytes.write(octet);
                i += 3;
            } else {
                flush(bytes, decoded);
                decoded.append(text.charAt(i++));
            }
        }
        flush(bytes, decoded);
        return decoded.toString();
    }

    /** The escaped byte at this place, or -1 where there is none. */
    private static int octet(String text, int i) {
        boolean isEscape = text.charAt(i) == '%'
                && i + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(i + 1))
                && HexFormat.isHexDigit(text.charAt(i + 2));
        return isEscape ? HexFormat.fromHexDigits(text, i + 1, i + 3) : -1;
    }

    private static void flush(ByteArrayOutputStream bytes, StringBuilder decoded) {
        if (bytes.size() > 0) {
            decoded.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
        }
    }
}
