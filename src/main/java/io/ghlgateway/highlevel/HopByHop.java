package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Headers that belong to one connection and never pass an intermediary: those of RFC 9110 section 7.6.1, all that are
 * for or from a proxy ({@code Proxy-…}), and whatever the message's own {@code Connection} header names.
 */
public final class HopByHop {

    private static final Set<String> ALWAYS =
            Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings");

    private HopByHop() {}

    /**
     * Copies {@code from} to {@code to}, in order and with repeats, without hop-by-hop headers and without
     * those that stay here.
     *
     * @param staysHere asked of lower-case names
     */
    public static void copyEndToEnd(MultiMap from, MultiMap to, Predicate<String> staysHere) {
        var named = named(from);
        for (Map.Entry<String, String> header : from) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!ALWAYS.contains(name)
                    && !name.startsWith("proxy-")
                    && !staysHere.test(name)
                    && !named.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> named(MultiMap headers) {
        if (!headers.contains("connection")) {
            return Set.of();
        }
        var names = new HashSet<String>();
        for (var value : headers.getAll("connection")) {
            for (var token : value.split(",")) {
                names.add(token.trim().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
