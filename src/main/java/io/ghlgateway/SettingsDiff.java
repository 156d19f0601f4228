package io.ghlgateway;

import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.TenantSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What two configurations differ in, by names alone: no value is told, for it may be a secret. */
final class SettingsDiff {

    /** What is made once, when the gateway starts. */
    private static final Map<String, Function<Settings, Object>> FIXED = fixed();

    private SettingsDiff() {}

    private static Map<String, Function<Settings, Object>> fixed() {
        Map<String, Function<Settings, Object>> parts = new LinkedHashMap<>();
        parts.put("proxy", Settings::proxy);
        parts.put("admin", Settings::admin);
        parts.put("public", Settings::publicDoor);
        parts.put("tls", Settings::tls);
        parts.put("upstream", Settings::upstream);
        parts.put("redis", Settings::redis);
        parts.put("limits", Settings::limits);
        parts.put("queue", Settings::queue);
        parts.put("retry", Settings::retry);
        parts.put("drain", Settings::drain);
        parts.put("apps", Settings::apps);
        parts.put("credentials", Settings::credentials);
        parts.put("webhooks, subscribers", Settings::webhooks);
        parts.put("jwt", Settings::issuers);
        return Map.copyOf(parts);
    }

    /** Parts that differ and are in force after a restart only. */
    static List<String> needRestart(Settings before, Settings now) {
        var parts = new ArrayList<>(FIXED.keySet().stream()
                .filter(name ->
                        !FIXED.get(name).apply(before).equals(FIXED.get(name).apply(now)))
                .sorted()
                .toList());
        var former = byName(before);
        now.callers().stream()
                .filter(caller -> former.containsKey(caller.caller().name()))
                .filter(caller -> !former.get(caller.caller().name())
                        .caller()
                        .quota()
                        .equals(caller.caller().quota()))
                .forEach(caller ->
                        parts.add("callers: quota of '" + caller.caller().name() + "'"));
        return parts;
    }

    /** What differs among tenants and callers. */
    static List<String> changes(Settings before, Settings now) {
        var changes = new ArrayList<String>();
        var tenants = Configured.byKey(before.tenants());
        var tenantsNow = Configured.byKey(now.tenants());
        compare("tenants", tenants, tenantsNow, key -> key.id(), SettingsDiff::changedIn, changes);
        compare("callers", byName(before), byName(now), name -> name, SettingsDiff::changedIn, changes);
        return changes;
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
