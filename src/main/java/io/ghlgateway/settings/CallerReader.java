package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.CallerQuota.Rate;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Reach;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the callers: who may ask, with which keys, for which of the tenants and for what. */
final class CallerReader {

    private final List<TenantSettings> tenants;
    private final RightsReader rights;
    private final boolean installs;
    private final boolean administered;
    private final boolean keyless;
    private final FirstLines names = new FirstLines("name", "the name of the caller");
    private final Map<KeyHash, String> owners = new HashMap<>();

    /**
     * @param tenants those that could be read
     * @param administered whether callers can be made at run time, too
     * @param keyless whether a caller may do without keys, for there are issuers of tokens
     */
    CallerReader(
            List<TenantSettings> tenants,
            RightsReader rights,
            boolean installs,
            boolean administered,
            boolean keyless) {
        this.keyless = keyless;
        this.tenants = tenants;
        this.rights = rights;
        this.installs = installs;
        this.administered = administered;
    }

    List<CallerSettings> read(Section root) {
        if (!installs || !administered) {
            root.required(
                    "callers",
                    "none, so nobody could call; name one with name, key and tenants"
                            + (installs ? ", or set admin.key and make them at run time" : ""));
        }
        return root.sections("callers", this::caller);
    }

    private Optional<CallerSettings> caller(Section section) {
        Optional<String> name = section.required("name", Kind.NAME);
        name.ifPresent(written -> names.remember(section, written));
        Set<CallerKey> keys = keys(section, name.orElse(section.path()));
        Reach reach = rights.reach(section);
        var permissions = rights.permissions(section);
        Optional<String> byDefault = section.read("default-tenant", Kind.NAME);
        byDefault.ifPresent(id -> checkDefault(section, reach, id));
        int weight = section.read("weight", Kind.whole(1, Caller.MOST_WEIGHT)).orElse(1);
        Optional<CallerQuota> quota = section.optional("quota", CallerReader::quota);
        return name.filter(written -> keyless || !keys.isEmpty())
                .map(written ->
                        new CallerSettings(new Caller(written, reach, permissions, byDefault, weight, quota), keys));
    }

    private static Optional<CallerQuota> quota(Section section) {
        Optional<Rate> rate = section.optional("rate", CallerReader::rate);
        var concurrency = section.read("concurrency", Kind.whole(1, 1_000_000));
        var share = section.read("share", Kind.PERCENT);
        if (!section.has("rate") && !section.has("concurrency") && !section.has("share")) {
            section.problem("rate", "missing, as are concurrency and share; a quota sets one of them at least");
        }
        return rate.isEmpty() && concurrency.isEmpty() && share.isEmpty()
                ? Optional.empty()
                : Optional.of(new CallerQuota(rate, concurrency, share));
    }

    private static Optional<Rate> rate(Section section) {
        var requests = section.required("requests", RouteLimitReader.REQUESTS);
        var per = section.required("per", RouteLimitReader.PER);
        return requests.flatMap(many -> per.map(time -> new Rate(many, time)));
    }

    /** The one key that stands with the caller, and those of its list. */
    private Set<CallerKey> keys(Section section, String name) {
        Set<CallerKey> keys = new LinkedHashSet<>();
        if (section.has("keys") || keyless) {
            section.atMostOneOf("key", "key-hash", "key-file");
        } else {
            section.exactlyOneOf("key", "key-hash", "key-file");
        }
        key(section, name, keys, Optional.empty());
        for (Entry item : section.items("keys")) {
            item.section(each -> {
                each.exactlyOneOf("key", "key-hash", "key-file");
                return key(each, name, keys, each.read("expires", Kind.MOMENT));
            });
        }
        if (section.has("keys")
                && section.items("keys").isEmpty()
                && !section.hasSecret("key")
                && !section.has("key-hash")) {
            section.problem("keys", "none; list one at least, each with key, key-hash or key-file");
        }
        return keys;
    }

    /** Adds it to those of its caller; whether there was one. */
    private boolean key(Section section, String name, Set<CallerKey> keys, Optional<Instant> expires) {
        Optional<CallerKey> key = section.eitherSecret("key", Kind.SECRET)
                .map(CallerKey::of)
                .or(() -> section.read("key-hash", Kind.KEY_HASH).map(CallerKey::of));
        key.ifPresent(written -> {
            boolean again = keys.stream().anyMatch(one -> one.hash().equals(written.hash()));
            var other = owners.putIfAbsent(written.hash(), name);
            if (other != null) {
                section.problem(
                        section.has("key") ? "key" : section.has("key-file") ? "key-file" : "key-hash",
                        again ? "is written twice" : "is the key of caller '" + other + "' too");
            }
            keys.add(written.until(expires));
        });
        return key.isPresent();
    }

    private void checkDefault(Section section, Reach reach, String id) {
        boolean isUnknown = rights.missed(section.place("default-tenant"), id);
        if ((!isUnknown || installs) && section.has("tenants") && !isInReach(reach, id)) {
            section.problem("default-tenant", "'" + id + "' is not among this caller's tenants");
        }
    }

    /** Of one that is not configured, or not rightly, its tags and app are not known. */
    private boolean isInReach(Reach reach, String id) {
        var known = tenants.stream()
                .map(TenantSettings::tenant)
                .filter(tenant -> tenant.id().equals(id))
                .toList();
        return known.isEmpty()
                ? reach.everyTenant()
                        || reach.ids().contains(id)
                        || !reach.tags().isEmpty()
                : known.stream().anyMatch(reach::includes);
    }
}
