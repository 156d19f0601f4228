package io.ghlgateway.highlevel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ways in which another server may read a path that we pass on as it came: with its escapes resolved, cut at
 * {@code ;} in each segment, with several slashes as one. Pure.
 */
final class PathReadings {

    /** How often escapes are resolved that were escaped themselves. */
    private static final int MOST_DECODINGS = 8;
    /** Also with what some servers cut off ({@code ;}), or take for a slash. */
    private static final Pattern DOT_SEGMENT = Pattern.compile("(^|[/\\\\])\\.\\.?([/\\\\;]|$)");

    private PathReadings() {}

    /** Whether there is but one way to read the path. */
    static boolean isPlain(String rawPath) {
        return rawPath.indexOf('%') < 0 && rawPath.indexOf(';') < 0 && !rawPath.contains("//");
    }

    /** Every way to read the path: as it stands and with its escapes resolved, and each of these cut and collapsed. */
    static Stream<String> of(String rawPath) {
        return Stream.of(rawPath, Percent.decode(rawPath)).distinct().flatMap(PathReadings::ofSlashes);
    }

    /**
     * Every way to read the path also where several servers resolve escapes one after the other: as {@link #of}, of the path
     * and of each decoding of the last until nothing is left to resolve. Empty where that is so too often to be meant.
     */
    static List<String> ofAllDecodings(String rawPath) {
        var decoded = decodings(rawPath);
        return decoded.size() > MOST_DECODINGS + 1
                ? List.of()
                : decoded.stream().flatMap(PathReadings::ofSlashes).toList();
    }

    /** As {@link #ofAllDecodings}, of the first of them where there are too many. */
    static Stream<String> ofManyDecodings(String rawPath) {
        return decodings(rawPath).stream().flatMap(PathReadings::ofSlashes);
    }

    /** The path, its decoding, that one's and so on: until nothing is left to resolve, or there is one too many. */
    static List<String> decodings(String rawPath) {
        var decoded = new ArrayList<>(List.of(rawPath));
        while (decoded.size() <= MOST_DECODINGS + 1) {
            var last = decoded.get(decoded.size() - 1);
            var next = Percent.decode(last);
            if (next.equals(last)) {
                break;
            }
            decoded.add(next);
        }
        return decoded;
    }

    /** Whether a server that resolves dot segments ({@code .}, {@code ..}) would come out elsewhere. */
    static boolean hasDotSegments(String reading) {
        return DOT_SEGMENT.matcher(reading).find();
    }

    private static Stream<String> ofSlashes(String path) {
        if (path.indexOf(';') < 0 && !path.contains("//")) {
            return Stream.of(path);
        }
        var cut = path.replaceAll(";[^/]*", "");
        return Stream.of(path, cut, collapsed(path), collapsed(cut));
    }

    private static String collapsed(String path) {
        return path.replaceAll("/{2,}", "/");
    }
}
