package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tenants. Remembers every id that is written, right or wrong in the rest, so that a caller who names a faulty
 * tenant is not blamed as well.
 */
final class TenantReader {

    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Map<List<Object>, TenantSettings> firstOfItsQuota = new HashMap<>();

    List<TenantSettings> read(Section root) {
        return root
                .required("tenants", "none, so there is nobody to send for; name one with id, location and token")
                .stream()
                .map(entry -> entry.section(this::tenant))
                .flatMap(Optional::stream)
                .toList();
    }

    Set<String> ids() {
        return lines.keySet();
    }

    private Optional<TenantSettings> tenant(Section section) {
        Optional<String> id = section.required("id", Kind.NAME);
        section.exactlyOneOf("location", "company");
        Optional<Resource> resource = section.read("location", Kind.HIGHLEVEL_ID)
                .map(Resource::location)
                .or(() -> section.read("company", Kind.HIGHLEVEL_ID).map(Resource::company));
        App app = section.read("app", Kind.APP).map(App::new).orElse(App.PRIVATE);
        section.exactlyOneOf("token", "token-file");
        Optional<Secret> token = section.secret("token", Kind.SECRET);
        id.ifPresent(written -> remember(section, written));
        if (id.isEmpty() || resource.isEmpty() || token.isEmpty()) {
            return Optional.empty();
        }
        var tenant = new TenantSettings(new Tenant(id.get(), app, resource.get()), token.get());
        warnOfSharedQuota(section, tenant);
        return Optional.of(tenant);
    }

    private void remember(Section section, String id) {
        var first = lines.putIfAbsent(id, section.line("id"));
        if (first != null) {
            section.problem("id", "'" + id + "' is already the id of the tenant in line " + first);
        }
    }

    /** Meant, perhaps; but two tokens look like two quotas, and HighLevel counts them as one. */
    private void warnOfSharedQuota(Section section, TenantSettings settings) {
        var tenant = settings.tenant();
        var first = firstOfItsQuota.putIfAbsent(List.of(tenant.app(), tenant.resource()), settings);
        if (first != null && !first.token().equals(settings.token())) {
            section.warning(
                    "token",
                    "tenants '" + first.tenant().id() + "' and '" + tenant.id() + "' share the quota of "
                            + tenant.resource() + " under the app '" + tenant.app() + "', though their tokens differ");
        }
    }
}
