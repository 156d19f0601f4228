package io.ghlgateway.highlevel;

import java.util.ArrayList;
import java.util.List;

/**
 * An undecoded query string, read as Node's servers commonly read theirs: parameters between ampersands, and a name may be
 * followed by brackets that make it a list ({@code locationId[]=a}), or stand in some ({@code [locationId]=a}).
 */
final class RawQuery {

    private RawQuery() {}

    /** The decoded values of this parameter that are not empty, in order. */
    static List<String> values(String rawQuery, String name) {
        if (rawQuery.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        for (int start = 0; start < rawQuery.length(); ) {
            int ampersand = rawQuery.indexOf('&', start);
            int end = ampersand < 0 ? rawQuery.length() : ampersand;
            int equals = firstEquals(rawQuery, start, end);
            if (equals + 1 < end
                    && mayBeNamed(rawQuery.charAt(start), name)
                    && isNamed(rawQuery.substring(start, equals), name)) {
                values.add(Percent.decodeQuery(rawQuery.substring(equals + 1, end)));
            }
            start = end + 1;
        }
        return values;
    }

    /** Looks no further than {@code end}, so that a query of nothing but ampersands costs no square of its length. */
    private static int firstEquals(String rawQuery, int start, int end) {
        int i = start;
        while (i < end && rawQuery.charAt(i) != '=') {
            i++;
        }
        return i;
    }

    /** Told by the first character of most that are not. */
    private static boolean mayBeNamed(char first, String name) {
        return first == name.charAt(0) || first == '[' || first == '%';
    }

    private static boolean isNamed(String rawName, String name) {
        String decoded = Percent.decodeQuery(rawName);
        return decoded.startsWith(name) && (decoded.length() == name.length() || decoded.charAt(name.length()) == '[')
                || decoded.startsWith("[") && decoded.startsWith(name, 1) && decoded.startsWith("]", 1 + name.length());
    }
}
