package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Headers that belong to one connection and never pass an intermediary: those of RFC 9110 section 7.6.1, all that are
 * for or from a proxy ({@code Proxy-…}), and whatever the message's own {@code Connection} header names. Beside them such
 * as are to stay here for other reasons. Any thread.
 */
public final class HeaderFilter {

    private static final List<String> ALWAYS =
            List.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings");

    private static final String PROXY = "proxy-";

    /** Each name is looked up as it stands: this is done for every header of every request and reply. */
    private final SegmentMap<Boolean> staying = new SegmentMap<>();

    private final String[] beginnings;

    /**
     * @param names of what stays here too, in lower case
     * @param beginnings of more such names, in lower case
     */
    public HeaderFilter(Collection<String> names, Collection<String> beginnings) {
        ALWAYS.forEach(name -> staying.put(name, true));
        names.forEach(name -> staying.put(name, true));
        this.beginnings = Stream.concat(Stream.of(PROXY), beginnings.stream()).toArray(String[]::new);
    }

    /** Copies the rest of {@code from} to {@code to}, in order and with repeats. */
    public void copyEndToEnd(MultiMap from, MultiMap to) {
        var named = named(from);
        from.forEach((name, value) -> {
            if (!staysHere(name) && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)))) {
                to.add(name, value);
            }
        });
    }

    private boolean staysHere(String name) {
        if (staying.get(name, 0, name.length()) != null) {
            return true;
        }
        for (var beginning : beginnings) {
            if (name.regionMatches(true, 0, beginning, 0, beginning.length())) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> named(MultiMap headers) {
        if (!headers.contains(HttpHeaders.CONNECTION)) {
            return Set.of();
        }
        var names = new HashSet<String>();
        for (var value : headers.getAll(HttpHeaders.CONNECTION)) {
            for (var token : value.split(",")) {
                names.add(token.trim().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
