package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request must be before anything of it is believed (RFC 9110 and 9112, stricter where a lenient reading lets two
 * parties see two different requests). The parser has refused the rest before.
 */
public final class RequestRules {

    private static final int MOST_HEADERS = 100;
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._~%!$&'()*+,;=:\\[\\]-]*");

    /** One party would drop what another reads the body by. */
    private static final Pattern NOMINATED = Pattern.compile("(^|,)\\s*content-", Pattern.CASE_INSENSITIVE);

    private RequestRules() {}

    /**
     * What is wrong with a request line by itself, for whom it ever is: as the door would say it.
     *
     * @param uri the request target as it would be sent
     */
    public static Optional<Refusal> brokenLine(RouteCatalogue routes, HttpMethod method, String uri) {
        return brokenMethod(method)
                .or(() -> brokenTarget(uri).flatMap(what -> refusal(Code.BAD_REQUEST, what)))
                .or(() -> ambiguous(routes, method, uri))
                .or(() -> new TokenPaths(Optional.empty()).refusal(method, path(uri)));
    }

    /** What is wrong with the request, if anything, but for an {@link #ambiguous} path. */
    static Optional<Refusal> broken(HttpServerRequest request) {
        var method = brokenMethod(request.method());
        if (method.isPresent()) {
            return method;
        }
        if (request.headers().size() > MOST_HEADERS) {
            return refusal(Code.HEAD_TOO_LARGE, "more than " + MOST_HEADERS + " header fields");
        }
        if (request.version() != HttpVersion.HTTP_2 && !hasOneHost(request)) {
            return refusal(
                    Code.BAD_REQUEST,
                    "a request carries exactly one Host header, a host and perhaps a port (RFC 9112, section 3.2)");
        }
        if (request.headers().contains("")) {
            return refusal(Code.BAD_REQUEST, "a header field has a name (RFC 9110, section 5.1)");
        }
        var codings = request.headers().getAll("transfer-encoding");
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"))) {
            return refusal(Code.CODING_UNKNOWN, "the only transfer coding known here is chunked");
        }
        var expect = request.getHeader("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return refusal(Code.EXPECTATION_UNKNOWN, "the only expectation known here is 100-continue");
        }
        for (var field : List.of("content-type", "content-encoding")) {
            if (request.headers().contains(field)
                    && request.headers().getAll(field).size() > 1) {
                return refusal(Code.BAD_REQUEST, "a request carries " + field + " once");
            }
        }
        if (request.headers().contains("connection")
                && NOMINATED
                        .matcher(String.join(",", request.headers().getAll("connection")))
                        .find()) {
            return refusal(Code.BAD_REQUEST, "Connection does not name what tells how to read the body");
        }
        return brokenTarget(request.uri()).flatMap(what -> refusal(Code.BAD_REQUEST, what));
    }

    private static Optional<Refusal> brokenMethod(HttpMethod method) {
        return method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.CONNECT)
                ? refusal(Code.METHOD_NOT_ALLOWED, method + " is not forwarded")
                : Optional.empty();
    }

    /** A path that another server could take for another operation, or another tenant's. */
    static Optional<Refusal> ambiguous(RouteCatalogue routes, HttpMethod method, String uri) {
        return routes.isAmbiguous(method, path(uri))
                ? refusal(
                        Code.BAD_REQUEST,
                        "a percent-encoded character, ';' or '//' in this path would let it be read as another operation or tenant")
                : Optional.empty();
    }

    /** The target without its query. */
    static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static boolean hasOneHost(HttpServerRequest request) {
        var hosts = request.headers().getAll("host");
        return hosts.size() == 1
                ? AUTHORITY.matcher(hosts.get(0)).matches()
                : hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0;
    }

    /** What is wrong with the target itself, whatever operation it names. */
    static Optional<String> brokenTarget(String uri) {
        if (uri.isEmpty() || uri.charAt(0) != '/') {
            return Optional.of("the request target is a path that begins with '/'");
        }
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return Optional.of("the request target holds a character that must be percent-encoded");
            }
        }
        var path = path(uri);
        if (path.indexOf('\\') >= 0 || holdsEncoded(path, "5c")) {
            return Optional.of("the path holds a backslash, encoded or not");
        }
        if (holdsEncoded(path, "00") || holdsEncoded(path, "0a") || holdsEncoded(path, "0d")) {
            return Optional.of("the path holds an encoded control character");
        }
        return hasDotSegment(path)
                ? Optional.of("the path holds a '.' or '..' segment, encoded or not")
                : Optional.empty();
    }

    private static boolean holdsEncoded(String path, String hex) {
        int at = path.indexOf('%');
        while (at >= 0) {
            if (path.regionMatches(true, at + 1, hex, 0, 2)) {
                return true;
            }
            at = path.indexOf('%', at + 1);
        }
        return false;
    }

    /** Also where the segment ends at {@code ;} or {@code %2f}, for some servers cut there. */
    private static boolean hasDotSegment(String path) {
        if (path.indexOf('.') < 0 && !holdsEncoded(path, "2e")) {
            return false;
        }
        for (var segment : path.split("/|%2[fF]")) {
            var plain = segment.split(";", 2)[0].replaceAll("%2[eE]", ".");
            if (plain.equals(".") || plain.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Refusal> refusal(Code code, String detail) {
        return Optional.of(Refusal.of(code, detail));
    }
}
