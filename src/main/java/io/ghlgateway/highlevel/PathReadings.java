package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ways in which another server may read a path that we pass on as it came: with its escapes resolved, cut at
 * {@code ;} in each segment, with several slashes as one. Pure.
 */
final class PathReadings {

    private PathReadings() {}

    /** Whether some reading of the path is another operation, or names another location or company, than the raw one. */
    static boolean differ(RouteCatalogue routes, HttpMethod method, String rawPath) {
        boolean encoded = rawPath.indexOf('%') >= 0;
        boolean parameters = rawPath.indexOf(';') >= 0;
        boolean slashes = rawPath.contains("//");
        if (!encoded && !parameters && !slashes) {
            return false;
        }
        var meant = Reading.of(routes, method, rawPath);
        var readings = encoded ? of(rawPath) : ofSlashes(rawPath);
        return !readings.allMatch(path -> Reading.of(routes, method, path).equals(meant));
    }

    /** Whether there is but one way to read the path. */
    static boolean isPlain(String rawPath) {
        return rawPath.indexOf('%') < 0 && rawPath.indexOf(';') < 0 && !rawPath.contains("//");
    }

    /** Every way to read the path: as it stands and with its escapes resolved, and each of these cut and collapsed. */
    static Stream<String> of(String rawPath) {
        return Stream.of(rawPath, Percent.decode(rawPath)).flatMap(PathReadings::ofSlashes);
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

    private record Reading(Route route, List<NamedResource> named) {

        static Reading of(RouteCatalogue routes, HttpMethod method, String path) {
            var route = routes.match(method, path);
            return new Reading(route, TenantFields.namedIn(route, path, ""));
        }
    }
}
