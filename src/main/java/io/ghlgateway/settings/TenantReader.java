package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the tenants. Remembers every id that is written, right or wrong in the rest, so that a caller who names a faulty
 * tenant is not blamed as well.
 */
final class TenantReader {

    private final Set<String> apps;
    private final boolean installs;
    private final FirstLines ids = new FirstLines("id", "the id of the tenant");
    private final Set<String> allTags = new TreeSet<>();
    private final Set<String> allApps = new TreeSet<>();
    private final Map<List<Object>, TenantSettings> firstOfItsQuota = new HashMap<>();

    /**
     * @param apps all ids
     * @param installs whether apps are configured at all, so that tenants come by installation too
     */
    TenantReader(Set<String> apps, boolean installs) {
        this.apps = apps;
        this.installs = installs;
        allApps.addAll(apps);
        allApps.add(App.PRIVATE.id());
    }

    List<TenantSettings> read(Section root) {
        if (!installs) {
            root.required("tenants", "none, so there is nobody to send for; name one with id, location and token");
        }
        return root.sections("tenants", this::tenant);
    }

    Set<String> ids() {
        return ids.names();
    }

    /** Those that are configured, and those that only tenants name. */
    Set<String> apps() {
        return allApps;
    }

    Set<String> tags() {
        return allTags;
    }

    private Optional<TenantSettings> tenant(Section section) {
        Optional<String> id = section.required("id", Kind.TENANT);
        section.exactlyOneOf("location", "company");
        Optional<Resource> resource = section.read("location", Kind.HIGHLEVEL_ID)
                .map(Resource::location)
                .or(() -> section.read("company", Kind.HIGHLEVEL_ID).map(Resource::company));
        App app = section.read("app", Kind.APP).map(App::new).orElse(App.PRIVATE);
        allApps.add(app.id());
        boolean isComplete = hasTokenOrApp(section, app);
        Optional<Secret> token = section.secret("token", Kind.SECRET);
        Set<String> tags = section.words("tags", Kind.NAME);
        allTags.addAll(tags);
        id.ifPresent(written -> ids.remember(section, written));
        if (id.isEmpty() || resource.isEmpty() || !isComplete) {
            return Optional.empty();
        }
        var tenant = new TenantSettings(new Tenant(id.get(), app, resource.get()).tagged(tags), token);
        warnOfSharedQuota(section, tenant);
        return Optional.of(tenant);
    }

    /** A tenant of a configured app needs no token: it names what the app was installed at. */
    private boolean hasTokenOrApp(Section section, App app) {
        if (section.hasSecret("token") || apps.contains(app.id())) {
            return true;
        }
        if (app.equals(App.PRIVATE)) {
            section.exactlyOneOf("token", "token-file");
        } else {
            section.problem(
                    "app",
                    "there is no app '" + app + "' in apps, and without one a tenant needs token or token-file"
                            + Spelling.hint(app.id(), apps));
        }
        return false;
    }

    /** Meant, perhaps; but two tokens look like two quotas, and HighLevel counts them as one. */
    private void warnOfSharedQuota(Section section, TenantSettings settings) {
        var tenant = settings.tenant();
        var first = firstOfItsQuota.putIfAbsent(List.of(tenant.app(), tenant.resource()), settings);
        if (first != null
                && first.token().isPresent()
                && settings.token().isPresent()
                && !first.token().equals(settings.token())) {
            section.warning(
                    "token",
                    "tenants '" + first.tenant().id() + "' and '" + tenant.id() + "' share the quota of "
                            + tenant.resource() + " under the app '" + tenant.app() + "', though their tokens differ");
        }
    }
}
