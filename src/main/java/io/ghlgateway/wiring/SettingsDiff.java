package io.ghlgateway.wiring;

import io.ghlgateway.edge.TrustedIssuer;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.Limits;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.TenantKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What two configurations differ in. Of tenants, callers and keys names alone are told: what they say may be a secret. */
final class SettingsDiff {

    private static final Traits<Settings> ADMIN = new Traits<Settings>()
            .with("admin.key", settings -> settings.admin().key())
            .with("admin.read-key", settings -> settings.admin().readKey());

    private static final Traits<TenantSettings> TENANT = new Traits<TenantSettings>()
            .with("token", TenantSettings::token)
            .with("tags", tenant -> tenant.tenant().tags());

    private static final Traits<CallerSettings> CALLER = new Traits<CallerSettings>()
            .with("keys", CallerSettings::keys)
            .with("tenants", caller -> tenants(caller.caller().reach()))
            .with("apps", caller -> caller.caller().reach().apps())
            .with("methods", caller -> caller.caller().permissions().methods())
            .with("routes", caller -> caller.caller().permissions().operations())
            .with("urgency", caller -> caller.caller().permissions().urgency())
            .with("default-tenant", caller -> caller.caller().defaultTenant())
            .with("weight", caller -> caller.caller().weight())
            .with("quota", caller -> caller.caller().quota());

    private static final Traits<TrustedIssuer> ISSUER = new Traits<TrustedIssuer>()
            .with("audience", TrustedIssuer::audience)
            .with("jwks-url", TrustedIssuer::keysUrl)
            .with("algorithms", TrustedIssuer::algorithms)
            .with("caller-claim", TrustedIssuer::callerClaim)
            .with("callers", TrustedIssuer::callers);

    private SettingsDiff() {}

    /** All that differs, but for {@link RestartKeys}; a line each. */
    static List<String> changes(Settings before, Settings now) {
        var changes = new ArrayList<String>();
        var tenants = Configured.byKey(before.tenants());
        var tenantsNow = Configured.byKey(now.tenants());
        compare("tenants", tenants, tenantsNow, TenantKey::id, TENANT::changed, changes);
        compare("callers", byName(before), byName(now), name -> name, CALLER::changed, changes);
        compare("jwt", byIssuer(before), byIssuer(now), name -> name, ISSUER::changed, changes);
        limits(before.limits(), now.limits(), changes);
        ADMIN.changed(before, now).forEach(key -> changes.add(key + ": changed"));
        return changes;
    }

    private static void limits(Limits before, Limits now, List<String> changes) {
        var unlearned = now.learn() ? ", for quotas that HighLevel has not stated yet" : "";
        tell(
                changes,
                "limits.burst.requests",
                before.quota().requests(),
                now.quota().requests(),
                unlearned);
        tell(changes, "limits.daily", before.quota().daily(), now.quota().daily(), unlearned);
        tell(changes, "limits.max-wait", written(before.maxWait()), written(now.maxWait()), "");
        tell(changes, "limits.default-wait", written(before.defaultWait()), written(now.defaultWait()), "");
        tell(changes, "limits.reserve", reserve(before), reserve(now), "");
        compare(
                "limits.routes",
                byPath(before),
                byPath(now),
                path -> path,
                (old, fresh) -> old.equals(fresh) ? List.of() : List.of(old + " -> " + fresh),
                changes);
    }

    private static void tell(List<String> changes, String key, Object before, Object now, String more) {
        if (!before.equals(now)) {
            changes.add(key + ": " + before + " -> " + now + more);
        }
    }

    private static String written(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static String reserve(Limits limits) {
        return limits.reserve().map(percent -> percent + "%").orElse("none");
    }

    /** By what no two of them have in common. */
    private static Map<String, RouteLimit> byPath(Limits limits) {
        return Configured.by(
                limits.routes(),
                limit -> limit.match() + " by " + limit.scope().name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, TrustedIssuer> byIssuer(Settings settings) {
        return Configured.by(settings.issuers(), TrustedIssuer::issuer);
    }

    private static <K, V> void compare(
            String part,
            Map<K, V> before,
            Map<K, V> now,
            Function<K, String> name,
            BiFunction<V, V, List<String>> changedIn,
            List<String> changes) {
        Set<K> all = new LinkedHashSet<>(before.keySet());
        all.addAll(now.keySet());
        for (var key : all) {
            var what = part + ": '" + name.apply(key) + "' ";
            if (!before.containsKey(key)) {
                changes.add(what + "added");
            } else if (!now.containsKey(key)) {
                changes.add(what + "removed");
            } else {
                var changed = changedIn.apply(before.get(key), now.get(key));
                if (!changed.isEmpty()) {
                    changes.add(what + "changed (" + String.join(", ", changed) + ")");
                }
            }
        }
    }

    /** Whom it reaches, whatever the app. */
    private static List<Object> tenants(Reach reach) {
        return List.of(reach.everyTenant(), reach.ids(), reach.tags());
    }

    private static Map<String, CallerSettings> byName(Settings settings) {
        return Configured.by(settings.callers(), CallerSettings::name);
    }
}
