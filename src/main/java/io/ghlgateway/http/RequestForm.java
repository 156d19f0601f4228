package io.ghlgateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request must be before anything of it is believed (RFC 9110, 9112 and 9113, stricter where a lenient reading lets
 * two parties see two different requests). The parser has refused the rest before, {@link StrictDecoder} included.
 */
public final class RequestForm {

    private static final int MOST_HEADERS = 100;
    private static final String OF_NAMES = "._~%!$&'()*+,;=-";

    /** One party would drop what another reads the body by. */
    private static final Pattern NOMINATED = Pattern.compile("(^|,)\\s*content-", Pattern.CASE_INSENSITIVE);

    /** What says how a body is to be read is said once. */
    private static final List<CharSequence> SINGLE =
            List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_ENCODING, HttpHeaders.EXPECT);

    private RequestForm() {}

    /** What is wrong with the request's head, if anything. */
    public static Optional<Flaw> flaw(HttpServerRequest request) {
        var headers = request.headers();
        var method = method(request.method());
        if (method.isPresent()) {
            return method;
        }
        if (count(headers) > MOST_HEADERS) {
            return flaw(431, "more than " + MOST_HEADERS + " header fields");
        }
        if (!namesOneAuthority(request)) {
            return bad("a request names exactly one authority, a host and perhaps a port, in one Host field"
                    + " (RFC 9112, section 3.2) or in :authority (RFC 9113, section 8.3.1)");
        }
        if (headers.contains("")) {
            return bad("a header field has a name (RFC 9110, section 5.1)");
        }
        var codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"))) {
            return flaw(501, "the only transfer coding known here is chunked");
        }
        for (var field : SINGLE) {
            if (headers.contains(field) && headers.getAll(field).size() > 1) {
                return bad("a request carries " + field + " once");
            }
        }
        var expect = headers.get(HttpHeaders.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            return flaw(417, "the only expectation known here is 100-continue");
        }
        if (headers.contains(HttpHeaders.CONNECTION)
                && NOMINATED
                        .matcher(String.join(",", headers.getAll(HttpHeaders.CONNECTION)))
                        .find()) {
            return bad("Connection does not name what tells how to read the body");
        }
        return isServerOptions(request) ? Optional.empty() : target(request.uri());
    }

    /** What stands before the query in a request's target, or all of it; still encoded. */
    public static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Whether it is {@code OPTIONS *}: a question to this server, and about nothing behind it (RFC 9110, section 9.3.7). */
    public static boolean isServerOptions(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS) && "*".equals(request.uri());
    }

    /** TRACE shows a request to who must not see all of it, and CONNECT makes a tunnel of us. */
    public static Optional<Flaw> method(HttpMethod method) {
        return method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.CONNECT)
                ? flaw(405, method + " is not forwarded")
                : Optional.empty();
    }

    /** Over HTTP/2 a Host field may stand beside {@code :authority}, and then says the same. */
    private static boolean namesOneAuthority(HttpServerRequest request) {
        var hosts = request.headers().getAll(HttpHeaders.HOST);
        if (request.version() == HttpVersion.HTTP_2) {
            var authority = request.authority();
            return authority != null
                    && isAuthority(authority.toString())
                    && (hosts.isEmpty() || hosts.size() == 1 && hosts.get(0).equalsIgnoreCase(authority.toString()));
        }
        return hosts.size() == 1
                ? isAuthority(hosts.get(0))
                : hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0;
    }

    /** A name or IPv4 address, or an IPv6 address in brackets, and perhaps a port (RFC 3986, section 3.2; no user). */
    static boolean isAuthority(String text) {
        boolean bracketed = text.startsWith("[");
        int begin = bracketed ? 1 : 0;
        int at = begin;
        while (at < text.length() && (bracketed ? isOfAddress(text.charAt(at)) : isOfName(text.charAt(at)))) {
            at++;
        }
        if (at == begin || bracketed && (at == text.length() || text.charAt(at++) != ']')) {
            return false;
        }
        if (at < text.length() && text.charAt(at++) != ':') {
            return false;
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at == text.length();
    }

    private static boolean isOfName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || OF_NAMES.indexOf(c) >= 0;
    }

    private static boolean isOfAddress(char c) {
        return c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || isDigit(c) || c == ':' || c == '.';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * What is wrong with the target itself, whatever it names.
     *
     * @param uri as it was sent; an absolute one that names the authority of the request has become a path before
     */
    public static Optional<Flaw> target(String uri) {
        if (!uri.startsWith("/")) {
            return uri.regionMatches(true, 0, "http://", 0, 7) || uri.regionMatches(true, 0, "https://", 0, 8)
                    ? flaw(
                            421,
                            "the request target names another authority than the Host field (RFC 9112, section 3.2.2)")
                    : bad("the request target is a path that begins with '/'");
        }
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return bad("the request target holds a character that must be percent-encoded");
            }
        }
        var path = path(uri);
        if (path.indexOf('\\') >= 0 || holdsEncoded(path, "5c")) {
            return bad("the path holds a backslash, encoded or not");
        }
        if (holdsEncoded(path, "00") || holdsEncoded(path, "0a") || holdsEncoded(path, "0d")) {
            return bad("the path holds an encoded control character");
        }
        return hasDotSegment(path) ? bad("the path holds a '.' or '..' segment, encoded or not") : Optional.empty();
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

    /** Of fields: the size of a {@link MultiMap} is that of its names. */
    private static int count(MultiMap headers) {
        int fields = 0;
        for (var each = headers.iterator(); each.hasNext(); each.next()) {
            fields++;
        }
        return fields;
    }

    private static Optional<Flaw> bad(String detail) {
        return flaw(400, detail);
    }

    private static Optional<Flaw> flaw(int status, String detail) {
        return Optional.of(new Flaw(status, detail));
    }
}
