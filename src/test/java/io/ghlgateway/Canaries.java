package io.ghlgateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Secrets that are looked for where they must not be: as they are, and in the forms that text takes on its way. */
public final class Canaries {

    private static final int SHORTEST = 12;

    private final Map<String, Set<String>> formsByName = new LinkedHashMap<>();

    public void add(String name, String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException(name + " is too short to be told from chance");
        }
        formsByName.put(name, forms(secret));
    }

    public int size() {
        return formsByName.size();
    }

    /** Which are in there, by name, but for these. */
    public List<String> in(byte[] haystack, String... allowed) {
        return in(new String(haystack, StandardCharsets.ISO_8859_1), allowed);
    }

    public List<String> in(String haystack, String... allowed) {
        var found = new ArrayList<String>();
        formsByName.forEach((name, forms) -> {
            if (!List.of(allowed).contains(name) && forms.stream().anyMatch(haystack::contains)) {
                found.add(name);
            }
        });
        return found;
    }

    private static Set<String> forms(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var hex = HexFormat.of().formatHex(bytes);
        var forms = new LinkedHashSet<>(
                List.of(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8), hex, hex.toUpperCase(Locale.ROOT)));
        for (int before = 0; before < 3; before++) {
            var base64 = base64(bytes, before);
            forms.add(base64);
            forms.add(base64.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    /** What is sure to be in the Base64 of a text that has the secret after so many other bytes, modulo 3. */
    private static String base64(byte[] secret, int before) {
        var shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        int begin = (3 - before) % 3 + before; // the first byte whose three are all the secret's
        return Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(shifted, begin, begin + (shifted.length - begin) / 3 * 3));
    }
}
