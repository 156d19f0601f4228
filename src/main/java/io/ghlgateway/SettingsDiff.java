package io.ghlgateway;

import io.ghlgateway.edge.TrustedIssuer;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.Limits;
import io.ghlgateway.settings.Settings.TenantSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What two configurations differ in. Of tenants, callers and keys names alone are told: what they say may be a secret. */
final class SettingsDiff {

    private SettingsDiff() {}

    /** All that differs, but for {@link RestartKeys}; a line each. */
    static List<String> changes(Settings before, Settings now) {
        var changes = new ArrayList<String>();
        var tenants = Configured.byKey(before.tenants());
        var tenantsNow = Configured.byKey(now.tenants());
        compare("tenants", tenants, tenantsNow, key -> key.id(), SettingsDiff::changedIn, changes);
        compare("callers", byName(before), byName(now), name -> name, SettingsDiff::changedIn, changes);
        compare("jwt", byIssuer(before), byIssuer(now), name -> name, SettingsDiff::changedIn, changes);
        limits(before.limits(), now.limits(), changes);
        note(changes, "admin.key: changed", before.admin().key(), now.admin().key());
        note(
                changes,
                "admin.read-key: changed",
                before.admin().readKey(),
                now.admin().readKey());
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
        note(changes, key + ": " + before + " -> " + now + more, before, now);
    }

    private static String written(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static String reserve(Limits limits) {
        return limits.reserve().map(percent -> percent + "%").orElse("none");
    }

    /** By what no two of them have in common. */
    private static Map<String, RouteLimit> byPath(Limits limits) {
        return limits.routes().stream()
                .collect(Collectors.toMap(
                        limit -> limit.match() + " by " + limit.scope().name().toLowerCase(Locale.ROOT),
                        Function.identity(),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    private static Map<String, TrustedIssuer> byIssuer(Settings settings) {
        return settings.issuers().stream()
                .collect(Collectors.toMap(TrustedIssuer::issuer, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static List<String> changedIn(TrustedIssuer before, TrustedIssuer now) {
        var changed = new ArrayList<String>();
        note(changed, "audience", before.audience(), now.audience());
        note(changed, "jwks-url", before.keysUrl(), now.keysUrl());
        note(changed, "algorithms", before.algorithms(), now.algorithms());
        note(changed, "caller-claim", before.callerClaim(), now.callerClaim());
        note(changed, "callers", before.callers(), now.callers());
        return changed;
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

    private static List<String> changedIn(TenantSettings before, TenantSettings now) {
        var changed = new ArrayList<String>();
        note(changed, "token", before.token(), now.token());
        note(changed, "tags", before.tenant().tags(), now.tenant().tags());
        return changed;
    }

    private static List<String> changedIn(CallerSettings before, CallerSettings now) {
        var changed = new ArrayList<String>();
        var old = before.caller();
        var fresh = now.caller();
        note(changed, "keys", before.keys(), now.keys());
        note(
                changed,
                "tenants",
                List.of(
                        old.reach().everyTenant(),
                        old.reach().ids(),
                        old.reach().tags()),
                List.of(
                        fresh.reach().everyTenant(),
                        fresh.reach().ids(),
                        fresh.reach().tags()));
        note(changed, "apps", old.reach().apps(), fresh.reach().apps());
        note(
                changed,
                "methods",
                old.permissions().methods(),
                fresh.permissions().methods());
        note(
                changed,
                "routes",
                old.permissions().operations(),
                fresh.permissions().operations());
        note(
                changed,
                "urgency",
                old.permissions().urgency(),
                fresh.permissions().urgency());
        note(changed, "default-tenant", old.defaultTenant(), fresh.defaultTenant());
        note(changed, "weight", old.weight(), fresh.weight());
        note(changed, "quota", old.quota(), fresh.quota());
        return changed;
    }

    private static void note(List<String> changed, String key, Object before, Object now) {
        if (!before.equals(now)) {
            changed.add(key);
        }
    }

    private static Map<String, CallerSettings> byName(Settings settings) {
        return settings.callers().stream()
                .collect(Collectors.toMap(
                        caller -> caller.caller().name(), Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }
}
