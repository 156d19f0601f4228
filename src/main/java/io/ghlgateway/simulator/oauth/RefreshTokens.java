package io.ghlgateway.simulator.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which refresh tokens are good, and what they once gave. A dead one is remembered for a while, so that whoever still
 * sends it is counted.
 */
final class RefreshTokens {

    private static final Duration UNUSED_LIFE = Duration.ofDays(365);
    private static final int REMEMBERED = 16;
    /** Of one installation; whoever has more tokens made loses the oldest. */
    private static final int MOST = 1_000;

    private final Duration grace;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<Installation, Deque<Entry>> owned = new HashMap<>();

    RefreshTokens(Duration grace) {
        this.grace = grace;
    }

    static Duration life() {
        return UNUSED_LIFE;
    }

    void add(TokenPair pair, Instant now) {
        Entry entry = new Entry(pair.installation(), pair.refreshToken(), now.plus(UNUSED_LIFE));
        entries.put(entry.token, entry);
        Deque<Entry> own = owned.computeIfAbsent(entry.owner, first -> new ArrayDeque<>());
        own.addLast(entry);
        while (own.size() > MOST || own.size() > REMEMBERED && isDead(own.getFirst(), now)) {
            entries.remove(own.removeFirst().token);
        }
    }

    Optional<Installation> owner(String token) {
        return Optional.ofNullable(entries.get(token)).map(entry -> entry.owner);
    }

    /** Also of one that is not known. */
    boolean isDead(String token, Instant now) {
        Entry entry = entries.get(token);
        return entry == null || isDead(entry, now);
    }

    /** The pair that it gave when it was first used. */
    Optional<TokenPair> given(String token) {
        return Optional.ofNullable(entries.get(token)).flatMap(entry -> entry.given);
    }

    void use(String token, TokenPair given, Instant now) {
        Entry entry = entries.get(token);
        if (entry != null) {
            entry.given = Optional.of(given);
            entry.lastGood = now.plus(grace);
        }
    }

    void kill(Installation owner) {
        owned.getOrDefault(owner, new ArrayDeque<>()).forEach(entry -> entry.killed = true);
    }

    void clear() {
        entries.clear();
        owned.clear();
    }

    private static boolean isDead(Entry entry, Instant now) {
        return entry.killed || now.isAfter(entry.lastGood);
    }

    private static final class Entry {
        private final Installation owner;
        private final String token;
        private Instant lastGood;
        private Optional<TokenPair> given = Optional.empty();
        private boolean killed;

        Entry(Installation owner, String token, Instant lastGood) {
            this.owner = owner;
            this.token = token;
            this.lastGood = lastGood;
        }
    }
}
