package io.ghlgateway.simulator.oauth;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which access tokens are good, until when. */
final class AccessTokens {

    private record Entry(Installation owner, Instant expires) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<Installation, Map<String, Entry>> owned = new HashMap<>();

    void add(TokenPair pair, Instant now) {
        Map<String, Entry> own = owned.computeIfAbsent(pair.installation(), first -> new HashMap<>());
        own.entrySet().removeIf(held -> {
            boolean over = !now.isBefore(held.getValue().expires());
            return over && entries.remove(held.getKey()) != null;
        });
        Entry entry = new Entry(pair.installation(), now.plus(pair.life()));
        own.put(pair.accessToken(), entry);
        entries.put(pair.accessToken(), entry);
    }

    Optional<Installation> bearer(String token, Instant now) {
        return Optional.ofNullable(entries.get(token))
                .filter(entry -> now.isBefore(entry.expires()))
                .map(Entry::owner);
    }

    void kill(Installation owner) {
        Map<String, Entry> own = owned.remove(owner);
        if (own != null) {
            entries.keySet().removeAll(own.keySet());
        }
    }

    void clear() {
        entries.clear();
        owned.clear();
    }
}
