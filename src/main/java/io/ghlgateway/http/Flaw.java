package io.ghlgateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.regex.Pattern;

/**
 * What is wrong with the form of a request, whoever sent it and whatever it asks for.
 *
 * @param status 400, 405, 414, 417, 421, 431, 501 or 505
 * @param detail one sentence for a human, which quotes nothing of the request
 */
public record Flaw(int status, String detail) {

    /** Where a parser goes on to quote what it could not read. */
    private static final Pattern QUOTE = Pattern.compile("(?s)(?:, such as)? ?: .*");

    /** What made a parser give up. */
    public static Flaw of(Throwable cause, DoorLimits limits) {
        if (cause instanceof TooLongHttpHeaderException) {
            return new Flaw(431, "header fields may have at most " + limits.head() + " bytes together");
        }
        if (cause instanceof StrictDecoder.OtherVersion) {
            return new Flaw(505, cause.getMessage());
        }
        return cause instanceof TooLongHttpLineException
                ? new Flaw(414, "a request line may have at most " + limits.line() + " bytes")
                : new Flaw(400, "this is not well-formed HTTP: " + said(cause));
    }

    /** What a parser says is wrong, without what it read: a key may stand there. */
    public static String said(Throwable cause) {
        return QUOTE.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    }
}
