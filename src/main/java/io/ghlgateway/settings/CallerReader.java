package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.CallerSettings;
import io.ghlgateway.settings.Settings.Reach;
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
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<KeyHash, String> names = new HashMap<>();

    /** @param tenants all ids; none when the tenants could not be read, and then none is missed here */
    CallerReader(Set<String> tenants) {
        this.tenants = tenants;
    }

    List<CallerSettings> read(Section root) {
        return root.required("callers", "none, so nobody could call; name one with name, key and tenants").stream()
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
        return name.isPresent() && key.isPresent()
                ? Optional.of(new CallerSettings(name.get(), key.get(), reach, byDefault))
                : Optional.empty();
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
        if (!tenants.isEmpty() && !tenants.contains(id)) {
            item.problem("there is no tenant '" + id + "'" + Spelling.hint(id, tenants));
        }
    }

    private void checkDefault(Section section, Reach reach, String id) {
        if (!tenants.isEmpty() && !tenants.contains(id)) {
            section.problem("default-tenant", "there is no tenant '" + id + "'" + Spelling.hint(id, tenants));
        } else if (section.has("tenants") && !reach.includes(id)) {
            section.problem("default-tenant", "'" + id + "' is not among this caller's tenants");
        }
    }
}
