package io.ghlgateway.highlevel;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Another's words made fit for a log or a page: short, on one line, and without the secrets that the other was told. What
 * merely looks like a token is blotted out too, since nothing we need to read is written in words that long. Pure.
 */
final class PlainWords {

    private static final String BLOT = "***";
    private static final int LONGEST = 200;
    /** More is not even looked at. */
    private static final int READ_AT_MOST = 4_096;

    /** Control, format and other characters that show nothing, or show what follows in another way. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w+/=.-]*|pit-[\\w-]+|[^\\s,;:\"'(){}]{41,}");

    private PlainWords() {}

    /** @param secrets what must not be repeated, as it is or as it stands in a form */
    static String of(String text, Collection<String> secrets) {
        var words = text.length() > READ_AT_MOST ? text.substring(0, READ_AT_MOST) : text;
        words = UNSEEN.matcher(words).replaceAll("");
        for (var secret : secrets) {
            words = words.replace(secret, BLOT).replace(URLEncoder.encode(secret, StandardCharsets.UTF_8), BLOT);
        }
        words = TOKEN.matcher(words).replaceAll(BLOT).strip();
        return words.length() > LONGEST ? words.substring(0, LONGEST) + "…" : words;
    }
}
