package io.ghlgateway.admin;

import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Operations;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Reach;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A caller as operators describe it; the same fields as in the configuration. */
final class CallerForm {

    private static final String EVERY = "*";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private CallerForm() {}

    /** Throws where something is wrong with it, with all that is. */
    static Caller read(JsonObject body) {
        var fields =
                new Fields(body, "name", "tenants", "default-tenant", "weight", "apps", "methods", "routes", "urgency");
        fields.required("name", Fields.NAME);
        fields.required("tenants", "the ids it may use, tag: and a tag, or [\"*\"] for every tenant");
        var name = fields.name("name");
        var apps = fields.words("apps", Fields.APP, Fields::isApp);
        var reach = reach(fields, apps);
        var byDefault = fields.name("default-tenant");
        if (byDefault.isPresent()
                && !reach.everyTenant()
                && reach.tags().isEmpty()
                && !reach.ids().contains(byDefault.get())) {
            fields.problem("default-tenant", "expected one of this caller's tenants");
        }
        var weight = fields.whole("weight", 1, Caller.MOST_WEIGHT);
        var permissions = permissions(fields);
        fields.check();
        return new Caller(
                name.orElseThrow(),
                reach,
                permissions,
                byDefault,
                weight.map(Long::intValue).orElse(1),
                Optional.empty());
    }

    private static Reach reach(Fields fields, Set<String> apps) {
        var ids = new LinkedHashSet<String>();
        var tags = new LinkedHashSet<String>();
        for (var written : fields.words(
                "tenants",
                "\"*\", tag: and a tag, or " + Fields.NAME,
                text -> text.equals(EVERY) || Fields.isName(text))) {
            if (written.startsWith(Reach.TAG)) {
                tags.add(written.substring(Reach.TAG.length()));
            } else {
                ids.add(written);
            }
        }
        boolean every = ids.contains(EVERY);
        if (every && ids.size() + tags.size() > 1) {
            fields.problem("tenants", "\"*\" is every tenant and stands alone");
        }
        return new Reach(every, every ? Set.of() : ids, every ? Set.of() : tags, apps);
    }

    private static Permissions permissions(Fields fields) {
        var methods = fields.words("methods", "one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", METHODS::contains);
        var routes = fields.words(
                "routes",
                "a path such as /contacts/**, or a template as HighLevel publishes it, such as /contacts/{contactId}",
                text -> OperationPatterns.isOne(text)
                        && (!OperationPatterns.isTemplate(text) || OperationPatterns.isPublished(text)));
        var urgency = fields.whole("urgency", 0, Permissions.LEAST_URGENT);
        return new Permissions(
                methods,
                routes.isEmpty() ? Optional.empty() : Optional.<Operations>of(new OperationPatterns(routes)),
                urgency.map(Long::intValue).orElse(0));
    }
}
