package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Operations;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Operations told by patterns of their paths, {@code /contacts/**}, or by their published templates, {@code
 * /contacts/{contactId}}, which mean one operation each and not those beside it: {@code /contacts/*} is {@code
 * /contacts/search} too.
 *
 * <p>Meant to allow, so it errs on the side of refusing: where another server may read a path in several ways, each of
 * them must be allowed. Templates are for paths that can be read as one operation only, as the proxy door demands.
 */
public final class OperationPatterns implements Operations {

    private static final Pattern TEMPLATE = Pattern.compile("(?:/[A-Za-z0-9._~@:-]++|/\\{[A-Za-z0-9_]++\\})++/?");

    private static final List<HttpMethod> METHODS =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final List<String> written;
    private final Set<String> templates = new HashSet<>();
    private final List<PathPattern> patterns = new ArrayList<>();

    /** @param texts each of them one that {@link #isOne} */
    public OperationPatterns(Collection<String> texts) {
        this.written = List.copyOf(texts);
        for (var text : texts) {
            if (isTemplate(text)) {
                templates.add(text);
            } else {
                patterns.add(PathPattern.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("no pattern of a path: " + text)));
            }
        }
    }

    /** Whether this is the pattern of a path or has the form of a template; see {@link #isPublished}. */
    public static boolean isOne(String text) {
        return isTemplate(text)
                ? TEMPLATE.matcher(text).matches()
                : PathPattern.parse(text).isPresent();
    }

    /** Whether this stands for one published operation, and not for a pattern. */
    public static boolean isTemplate(String text) {
        return text.indexOf('{') >= 0;
    }

    /** Whether HighLevel has operations of this template. */
    public static boolean isPublished(String template) {
        return RouteCatalogue.load().routes().stream()
                .anyMatch(route -> route.template().equals(template));
    }

    /** Whether any published operation is one of these; a path that may be anything meets the most. */
    public boolean meetsAPublishedOne() {
        return RouteCatalogue.load().routes().stream().anyMatch(route -> meets(route.template()));
    }

    private boolean meets(String template) {
        return templates.contains(template) || patterns.stream().anyMatch(pattern -> pattern.meets(template));
    }

    @Override
    public boolean include(String template, String path) {
        if (PathReadings.isPlain(path)) {
            return templates.contains(template) || fits(path);
        }
        var readings = PathReadings.ofAllDecodings(path);
        return !readings.isEmpty()
                && readings.stream().noneMatch(PathReadings::hasDotSegments)
                && (templates.contains(template) && readings.stream().allMatch(reading -> isSame(path, reading))
                        || readings.stream().allMatch(this::fits));
    }

    /** Whether the two are one operation in each method. */
    private static boolean isSame(String path, String reading) {
        var routes = RouteCatalogue.load();
        return METHODS.stream()
                .allMatch(method -> routes.match(method, path)
                        .template()
                        .equals(routes.match(method, reading).template()));
    }

    private boolean fits(String reading) {
        for (var pattern : patterns) {
            if (pattern.fits(reading)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> written() {
        return written;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OperationPatterns patterns && patterns.written.equals(written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return written.toString();
    }
}
