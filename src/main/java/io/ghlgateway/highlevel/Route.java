package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One operation of HighLevel's API and what is known of it, or the stand-in for one that is not known.
 *
 * @param template the published path, {@code /contacts/{contactId}}; of a known route it starts with a slash
 * @param oauthOnly whether a private integration token is refused
 * @param defaultVersion the {@code Version} header to send when the caller sent none
 * @param scopeChoices the scopes that each published description of this operation demands, where they differ; one that
 *     documents none is an empty set
 * @param tenantFields where the location or company may stand, in the order path, query, body
 * @param deprecated whether any published description says so
 */
public record Route(
        HttpMethod method,
        String template,
        TokenKind tokenKind,
        boolean oauthOnly,
        String defaultVersion,
        List<Set<String>> scopeChoices,
        List<TenantField> tenantFields,
        BodyKind bodyKind,
        boolean deprecated) {

    /** The label of what is not known. */
    public static final String UNMATCHED = "unmatched";

    /** What most of the API documents, and what an operation unknown to us gets. */
    private static final String COMMON_VERSION = "2021-07-28";

    private static final List<TenantField> COMMON_FIELDS = List.of(
            new TenantField(TenantField.Source.QUERY, "locationId", TenantField.Kind.LOCATION),
            new TenantField(TenantField.Source.QUERY, "companyId", TenantField.Kind.COMPANY));

    public Route {
        if (template.isEmpty() || defaultVersion.isEmpty()) {
            throw new IllegalArgumentException("a route has a template and a default version");
        }
        scopeChoices = scopeChoices.stream().map(Set::copyOf).toList();
        tenantFields = List.copyOf(tenantFields);
    }

    /**
     * What an operation gets that the catalogue does not list; the published table lags the live API, so it passes, with
     * whatever token the tenant has.
     */
    public static Route unknown(HttpMethod method) {
        return new Route(
                method,
                UNMATCHED,
                TokenKind.EITHER,
                false,
                COMMON_VERSION,
                List.of(),
                COMMON_FIELDS,
                BodyKind.JSON,
                false);
    }

    public boolean isKnown() {
        return template.charAt(0) == '/';
    }

    /** Every scope that a published description names, in order; empty also when none is documented. */
    public Set<String> scopes() {
        var all = new TreeSet<String>();
        scopeChoices.forEach(all::addAll);
        return all;
    }

    /**
     * What {@code held} lacks by the description that it lacks least by. Empty also where one description documents no
     * scope: what the specification leaves out is no reason to refuse.
     */
    public Set<String> missing(Set<String> held) {
        Set<String> fewest = Set.of();
        for (int i = 0; i < scopeChoices.size(); i++) {
            if (held.containsAll(scopeChoices.get(i))) {
                return Set.of();
            }
            var lacking = new TreeSet<>(scopeChoices.get(i));
            lacking.removeAll(held);
            if (i == 0 || lacking.size() < fewest.size()) {
                fewest = lacking;
            }
        }
        return fewest;
    }

    /** Whether the location or company may stand in the request's body. */
    public boolean namesTenantInBody() {
        // The list is in the order path, query, body, so its last tells.
        return !tenantFields.isEmpty()
                && tenantFields.get(tenantFields.size() - 1).source() == TenantField.Source.BODY;
    }

    /**
     * Whether this field says for whom the request is; else it only tells what is acted on. An agency's operation is for
     * the company, a location's for the location, and one that takes either token for whichever is named.
     */
    public boolean isNamedBy(TenantField field) {
        return field.kind() != TenantField.Kind.TARGETS
                && switch (tokenKind) {
                    case LOCATION -> field.resourceKind() == Resource.Kind.LOCATION;
                    case AGENCY -> field.resourceKind() == Resource.Kind.COMPANY;
                    case EITHER, NONE -> true;
                };
    }

    /** The metric label: the template, and one word for everything unknown, so that labels are bounded. */
    public String label() {
        return template;
    }

    /**
     * The decoded value of one parameter of a path that this route matched; empty if the route has no such parameter.
     *
     * @param name without braces
     * @param rawPath as it came, still encoded
     */
    public Optional<String> pathParam(String name, String rawPath) {
        int inTemplate = 1;
        int inPath = 1;
        while (isKnown() && inTemplate <= template.length() && inPath <= rawPath.length()) {
            int templateEnd = segmentEnd(template, inTemplate);
            int pathEnd = segmentEnd(rawPath, inPath);
            if (isParam(inTemplate, templateEnd, name) && pathEnd > inPath) {
                return Optional.of(Percent.decode(rawPath.substring(inPath, pathEnd)));
            }
            inTemplate = templateEnd + 1;
            inPath = pathEnd + 1;
        }
        return Optional.empty();
    }

    private boolean isParam(int start, int end, String name) {
        return end - start == name.length() + 2
                && template.charAt(start) == '{'
                && template.startsWith(name, start + 1)
                && template.charAt(end - 1) == '}';
    }

    private static int segmentEnd(String path, int start) {
        int slash = path.indexOf('/', start);
        return slash < 0 ? path.length() : slash;
    }
}
