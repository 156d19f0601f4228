package io.ghlgateway.highlevel;

import org.jspecify.annotations.Nullable;

/**
 * A map from strings that is asked with a stretch of a longer string, without cutting it out. Open addressing, linear
 * probing, at most half full. Letters of either case are the same, as they are to common servers. Keys are our own, so nobody can
 * crowd it with collisions. Filled by one thread, then read by any.
 */
final class SegmentMap<V> {

    private @Nullable String[] keys = new String[2];
    private @Nullable Object[] values = new Object[2];
    private int size;
    private int longest;

    /** Adds a key that is not here yet. */
    void put(String key, V value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        insert(key, value);
        size++;
        longest = Math.max(longest, key.length());
    }

    @SuppressWarnings("unchecked")
    @Nullable
    V get(String text, int start, int end) {
        int length = end - start;
        if (length < 0 || length > longest) {
            return null;
        }
        int slot = slot(hash(text, start, end));
        for (String key = keys[slot]; key != null; key = keys[slot]) {
            if (key.length() == length && text.regionMatches(true, start, key, 0, length)) {
                return (V) values[slot];
            }
            slot = slot + 1 & keys.length - 1;
        }
        return null;
    }

    private void insert(String key, Object value) {
        int slot = slot(hash(key, 0, key.length()));
        while (keys[slot] != null) {
            slot = slot + 1 & keys.length - 1;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            hash = 31 * hash + (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        return hash;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 16) & keys.length - 1;
    }

    private void grow() {
        var oldKeys = keys;
        var oldValues = values;
        keys = new String[2 * oldKeys.length];
        values = new Object[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            String key = oldKeys[i];
            Object value = oldValues[i];
            if (key != null && value != null) {
                insert(key, value);
            }
        }
    }
}
