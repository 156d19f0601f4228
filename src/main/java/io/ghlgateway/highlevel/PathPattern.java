package io.ghlgateway.highlevel;

import io.ghlgateway.http.RequestForm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A set of paths: literal segments, {@code *} for any one segment, and at the end {@code **} for any rest, none included.
 * Two patterns are equal when they are written alike.
 *
 * <p>Meant for limits, so it errs on the side of matching: a path matches when any of the readings that another server
 * may have of it does (see {@link PathReadings}), with its escapes resolved, also those that were escaped again. As in the catalogue, letters of either case match
 * and a slash at the end makes no difference.
 */
public final class PathPattern {

    private static final String ANY = "*";
    private static final String REST = "**";

    private final String text;
    private final List<String> segments;
    private final boolean open;

    private PathPattern(String text, List<String> segments, boolean open) {
        this.text = text;
        this.segments = segments;
        this.open = open;
    }

    /** Empty when this is no pattern: it must begin with a slash and may hold {@code **} only at its end. */
    public static Optional<PathPattern> parse(String text) {
        if (!text.matches("(?:/[A-Za-z0-9._~@:-]++|/\\*(?!\\*))++(?:/\\*\\*)?/?|/(?:\\*\\*)?")) {
            return Optional.empty();
        }
        var plain = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        var all = plain.equals("/")
                ? List.<String>of()
                : Arrays.asList(plain.substring(1).split("/"));
        boolean open = !all.isEmpty() && all.get(all.size() - 1).equals(REST);
        return Optional.of(new PathPattern(plain, List.copyOf(open ? all.subList(0, all.size() - 1) : all), open));
    }

    /** @param uri as it came, still encoded; what follows a question mark is not looked at */
    public boolean matches(String uri) {
        return matches(readings(uri));
    }

    /** @param readings of one path, by {@link #readings} */
    public boolean matches(List<String> readings) {
        for (var reading : readings) {
            if (fits(reading)) {
                return true;
            }
        }
        return false;
    }

    /** What is worked out once for a path that many patterns are held against. */
    public static List<String> readings(String uri) {
        var path = RequestForm.path(uri);
        return PathReadings.isPlain(path)
                ? List.of(path)
                : PathReadings.ofManyDecodings(path).distinct().toList();
    }

    /** Whether some path of this template, {@code /contacts/{contactId}}, matches. */
    boolean meets(String template) {
        var others = template.substring(1).split("/");
        if (others.length < segments.size() || others.length > segments.size() && !open) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean met = segments.get(i).equals(ANY)
                    || others[i].startsWith("{")
                    || segments.get(i).equalsIgnoreCase(others[i]);
            if (!met) {
                return false;
            }
        }
        return true;
    }

    /** Of one reading alone. */
    boolean fits(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        int at = 1;
        for (var segment : segments) {
            int slash = path.indexOf('/', Math.min(at, path.length()));
            int end = slash < 0 ? path.length() : slash;
            boolean fits = segment.equals(ANY)
                    ? end > at
                    : end - at == segment.length() && path.regionMatches(true, at, segment, 0, segment.length());
            if (!fits) {
                return false;
            }
            at = end + 1;
        }
        return open || at >= path.length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it is written, without a slash at the end. */
    @Override
    public String toString() {
        return text;
    }
}
