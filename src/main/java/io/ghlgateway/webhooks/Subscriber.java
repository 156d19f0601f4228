package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An internal service that wants HighLevel's webhooks.
 *
 * @param name unique
 * @param secret what its deliveries are signed with, see {@link StandardSignature}
 * @param types patterns of types, with {@code *} for any part
 * @param tenants patterns of HighLevel's ids of locations and companies, or of tenants' own names; {@code @known} for all that
 *     are tenants of the event's app; only {@code *} alone takes an event that does not say whose it is
 */
public record Subscriber(String name, URI url, Secret secret, List<String> types, List<String> tenants) {

    private static final String EVERY = "*";

    /** HighLevel signs the events of all apps alike: one of anybody's may come to any door. */
    private static final String KNOWN = "@known";

    public Subscriber {
        types = List.copyOf(types);
        tenants = List.copyOf(tenants);
    }

    /** @param names what else the event's tenant is called, asked only if need be */
    boolean wants(Event event, Supplier<Set<String>> names) {
        if (types.stream().noneMatch(type -> matches(type, event.type()))) {
            return false;
        }
        return tenants.contains(EVERY)
                || event.resource()
                        .filter(resource -> anyMatches(List.of(resource.id()))
                                || anyMatches(names.get())
                                || tenants.contains(KNOWN) && !names.get().isEmpty())
                        .isPresent();
    }

    private boolean anyMatches(Collection<String> names) {
        return names.stream().anyMatch(name -> tenants.stream().anyMatch(pattern -> matches(pattern, name)));
    }

    /** Whether a text is as the pattern says, with {@code *} for any part of it. */
    public static boolean matches(String pattern, String text) {
        int at = 0;
        int from = 0;
        int star = -1;
        int resumed = 0;
        // The last star alone takes more where the rest does not fit: at worst the one length times the other.
        while (at < text.length()) {
            if (from < pattern.length() && pattern.charAt(from) == '*') {
                star = from++;
                resumed = at;
            } else if (from < pattern.length() && pattern.charAt(from) == text.charAt(at)) {
                from++;
                at++;
            } else if (star >= 0) {
                from = star + 1;
                at = ++resumed;
            } else {
                return false;
            }
        }
        while (from < pattern.length() && pattern.charAt(from) == '*') {
            from++;
        }
        return from == pattern.length();
    }
}
