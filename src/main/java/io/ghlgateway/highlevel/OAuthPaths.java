package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests are for HighLevel's {@code /oauth/…}, where tokens are given out. A path is taken for one of these if any
 * reading of it might be: in any case, with its escapes resolved once or again and again, with slashes of either kind and
 * number, parameters, and dot segments. The listing of installed locations gives out none, but only as it is written. Pure.
 */
public final class OAuthPaths {

    private static final Set<String> LISTINGS = Set.of("/oauth/installedLocations", "/oauth/installed-locations");

    private static final String OAUTH = "oauth";
    /** Also what a lenient server may cut: {@code oauth.json}, {@code oauth%00}, {@code oauth%20}. */
    private static final Pattern FIRST = Pattern.compile("(?i)[^a-z0-9]*" + OAUTH + "([^a-z0-9_-].*)?", Pattern.DOTALL);

    /** What is still encoded after so many readings is written to deceive. */
    private static final int READINGS = 8;

    private OAuthPaths() {}

    /** @param rawPath as it came, without its query */
    public static boolean contain(String rawPath) {
        if (isPlainlyElsewhere(rawPath)) {
            return false;
        }
        var decoded = PathReadings.decodings(rawPath);
        return decoded.size() > READINGS || decoded.stream().anyMatch(OAuthPaths::leadsToOauth);
    }

    /** Whether the request lists where an app is installed, spelled as HighLevel documents it. */
    public static boolean isListing(HttpMethod method, String rawPath) {
        return method == HttpMethod.GET && LISTINGS.contains(rawPath);
    }

    /** What nearly every path is, told without splitting it: there is one reading, and it begins in another way. */
    private static boolean isPlainlyElsewhere(String path) {
        return path.length() > 1
                && path.charAt(0) == '/'
                && Character.isLetterOrDigit(path.charAt(1))
                && !path.regionMatches(true, 1, OAUTH, 0, OAUTH.length())
                && path.indexOf('%') < 0
                && path.indexOf('\\') < 0
                && !path.contains("/.");
    }

    private static boolean leadsToOauth(String path) {
        var segments = new ArrayDeque<String>();
        for (var segment : path.split("[/\\\\]")) {
            var plain = cut(segment);
            if (plain.equals("..")) {
                segments.pollLast();
            } else if (!plain.isEmpty() && !plain.equals(".")) {
                segments.add(plain);
            }
        }
        return !segments.isEmpty() && FIRST.matcher(segments.getFirst()).matches();
    }

    /** Without what follows a segment: parameters, or an encoded query or fragment. */
    private static String cut(String segment) {
        int end = 0;
        while (end < segment.length() && ";?#".indexOf(segment.charAt(end)) < 0) {
            end++;
        }
        return segment.substring(0, end).strip();
    }
}
