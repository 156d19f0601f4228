package io.ghlgateway.settings;

import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.settings.Settings.Reach;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.CallerQuota.Rate;
import io.ghlgateway.tenancy.KeyHash;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the callers: who may ask, with which key, for which of the tenants. */
final class CallerReader {

    private static final String EVERY = "*";

    private final Set<String> tenants;
    private final boolean installs;
    private final boolean administered;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<KeyHash, String> names = new HashMap<>();

    /**
     * @param tenants all ids; none when the tenants could not be read, and then none is missed here
     * @param installs whether tenants come by installation too, so that an id may well be one of theirs
     * @param administered whether callers can be made at run time, too
     */
    CallerReader(Set<String> tenants, boolean installs, boolean administered) {
        this.tenants = tenants;
        this.installs = installs;
        this.administered = administered;
    }

    List<CallerSettings> read(Section root) {
        String none = "none, so nobody could call; name one with name, key and tenants"
                + (installs ? ", or set admin.key and make them at run time" : "");
        var entries = installs && administered ? root.items("callers") : root.required("callers", none);
        return entries.stream()
                .map(entry -> entry.section(this::caller))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<CallerSettings> caller(Section section) {
        Optional<String> name = section.required("name", Kind.NAME);
        name.ifPresent(written -> remember(section, written));
        Optional<KeyHash> key = key(section, name.orElse(section.path()));
        Reach reach = reach(section);
        Optional<String> byDefault = section.read("default-tenant", Kind.NAME);
        byDefault.ifPresent(id -> checkDefault(section, reach, id));
        int weight = section.read("weight", Kind.whole(1, Caller.MOST_WEIGHT)).orElse(1);
        Optional<CallerQuota> quota =
                section.has("quota") ? section.section("quota", CallerReader::quota) : Optional.empty();
        return name.isPresent() && key.isPresent()
                ? Optional.of(new CallerSettings(name.get(), key.get(), reach, byDefault, weight, quota))
                : Optional.empty();
    }

    private static Optional<CallerQuota> quota(Section section) {
        Optional<Rate> rate = section.has("rate") ? section.section("rate", CallerReader::rate) : Optional.empty();
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
        var requests = section.required("requests", Kind.whole(1, 1_000_000));
        var per = section.required("per", Kind.duration(RouteLimit.SHORTEST, RouteLimit.LONGEST));
        return requests.flatMap(many -> per.map(time -> new Rate(many, time)));
    }

    private void remember(Section section, String name) {
        var first = lines.putIfAbsent(name, section.line("name"));
        if (first != null) {
            section.problem("name", "'" + name + "' is already the name of the caller in line " + first);
        }
    }

    private Optional<KeyHash> key(Section section, String name) {
        section.exactlyOneOf("key", "key-hash", "key-file");
        Optional<KeyHash> key =
                section.secret("key", Kind.SECRET).map(KeyHash::of).or(() -> section.read("key-hash", Kind.KEY_HASH));
        key.ifPresent(hash -> {
            var other = names.putIfAbsent(hash, name);
            if (other != null) {
                section.problem(
                        section.has("key") ? "key" : section.has("key-file") ? "key-file" : "key-hash",
                        "is the key of caller '" + other + "' too");
            }
        });
        return key;
    }

    private Reach reach(Section section) {
        List<Entry> items = section.required("tenants", "none; list the ids it may use, or \"*\" for every tenant");
        Set<String> ids = new LinkedHashSet<>();
        for (Entry item : items) {
            item.as(Kind.REFERENCE).ifPresent(id -> {
                if (!ids.add(id)) {
                    item.problem("'" + id + "' is listed twice");
                } else if (id.equals(EVERY)) {
                    if (items.size() > 1) {
                        item.problem("\"*\" is every tenant and stands alone");
                    }
                } else {
                    checkKnown(item, id);
                }
            });
        }
        return ids.contains(EVERY) ? Reach.EVERY : Reach.of(ids);
    }

    private void checkKnown(Entry item, String id) {
        unknown(id).ifPresent(text -> {
            if (installs) {
                item.warning(text);
            } else {
                item.problem(text);
            }
        });
    }

    private void checkDefault(Section section, Reach reach, String id) {
        var unknown = unknown(id);
        if (unknown.isPresent() && installs) {
            section.warning("default-tenant", unknown.get());
        } else if (unknown.isPresent()) {
            section.problem("default-tenant", unknown.get());
        }
        if (unknown.filter(text -> !installs).isEmpty() && section.has("tenants") && !reach.includes(id)) {
            section.problem("default-tenant", "'" + id + "' is not among this caller's tenants");
        }
    }

    /** What to say of an id that is no tenant's; where tenants come by installation, of a likely slip only. */
    private Optional<String> unknown(String id) {
        if (tenants.isEmpty() || tenants.contains(id)) {
            return Optional.empty();
        }
        String hint = Spelling.hint(id, tenants);
        return installs && hint.isEmpty() ? Optional.empty() : Optional.of("there is no tenant '" + id + "'" + hint);
    }
}
