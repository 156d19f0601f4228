package io.ghlgateway.settings;

import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.tenancy.Operations;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Reach;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Reads what a caller may do: for which tenants, and what of them. */
final class RightsReader {

    private static final String EVERY = "*";

    private final Set<String> tenants;
    private final Set<String> tags;
    private final Set<String> apps;
    private final boolean installs;

    /**
     * @param tenants all ids; none when the tenants could not be read, and then none is missed here
     * @param tags of all tenants
     * @param apps all ids, and those of tenants
     * @param installs whether tenants come by installation too, so that an id may well be one of theirs
     */
    RightsReader(Set<String> tenants, Set<String> tags, Set<String> apps, boolean installs) {
        this.tenants = tenants;
        this.tags = tags;
        this.apps = apps;
        this.installs = installs;
    }

    Reach reach(Section section) {
        List<Entry> items =
                section.required("tenants", "none; list the ids it may use, tag: and a tag, or \"*\" for every tenant");
        Set<String> ids = new LinkedHashSet<>();
        Set<String> tagged = new LinkedHashSet<>();
        for (Entry item : items) {
            item.as(Kind.REFERENCE).ifPresent(id -> {
                boolean isTag = id.startsWith(Reach.TAG);
                var tag = isTag ? id.substring(Reach.TAG.length()) : "";
                if (!(isTag ? tagged.add(tag) : ids.add(id))) {
                    item.problem("'" + id + "' is listed twice");
                } else if (id.equals(EVERY)) {
                    if (items.size() > 1) {
                        item.problem("\"*\" is every tenant and stands alone");
                    }
                } else if (isTag) {
                    missed(item, "there is no tenant with the tag '" + tag + "'", tag, tags);
                } else {
                    missed(item, id);
                }
            });
        }
        boolean every = ids.contains(EVERY);
        return new Reach(every, every ? Set.of() : ids, every ? Set.of() : tagged, apps(section));
    }

    private Set<String> apps(Section section) {
        return words(
                section, "apps", Kind.APP, (item, app) -> missed(item, "there is no app '" + app + "'", app, apps));
    }

    Permissions permissions(Section section) {
        var methods = words(section, "methods", Kind.METHOD, (item, method) -> {});
        var routes = words(section, "routes", Kind.ROUTE, RightsReader::checkRoute);
        var urgency = section.read("urgency", Kind.whole(0, Permissions.LEAST_URGENT), 0);
        return new Permissions(
                methods,
                routes.isEmpty() ? Optional.empty() : Optional.<Operations>of(new OperationPatterns(routes)),
                urgency);
    }

    /** A list that is written and empty is a slip: left out, it means all. */
    private static Set<String> words(Section section, String key, Kind<String> kind, BiConsumer<Entry, String> check) {
        section.notEmpty(key, "none, so it could do nothing; leave it out to allow all");
        return section.words(key, kind, check);
    }

    private static void checkRoute(Entry item, String route) {
        if (OperationPatterns.isTemplate(route)) {
            if (!OperationPatterns.isPublished(route)) {
                var templates = RouteCatalogue.load().routes().stream()
                        .map(Route::template)
                        .collect(Collectors.toSet());
                item.problem("HighLevel publishes no operation '" + route
                        + "' (in a path of yours '*' is any one segment)" + Spelling.hint(route, templates));
            }
        } else if (!new OperationPatterns(List.of(route)).meetsAPublishedOne()) {
            item.warning("'" + route + "' is the path of no operation that HighLevel publishes");
        }
    }

    /** Whether the id was reported as no tenant's: where tenants come by installation, as a warning, and a likely slip only. */
    boolean missed(Entry item, String id) {
        return missed(item, "there is no tenant '" + id + "'", id, tenants);
    }

    private boolean missed(Entry item, String text, String word, Set<String> known) {
        if (tenants.isEmpty() || known.contains(word)) {
            return false;
        }
        String hint = Spelling.hint(word, known);
        if (!installs) {
            item.problem(text + hint);
        } else if (!hint.isEmpty()) {
            item.warning(text + hint);
        }
        return !installs || !hint.isEmpty();
    }
}
