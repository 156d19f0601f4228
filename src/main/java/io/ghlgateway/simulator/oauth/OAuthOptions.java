package io.ghlgateway.simulator.oauth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which apps and companies there are, and how their tokens live.
 *
 * @param apps none: there is no OAuth at all
 * @param companies each with its locations; a location belongs to one only
 * @param tokenLife of access tokens, but for those that {@code locationToken} gives
 * @param grace how long after its first use a refresh token still gives the pair that it gave then
 * @param reconnects whether {@code POST /oauth/reconnect} exists
 * @param locationsAtOnce how many installed locations are listed at most, however many are asked for
 */
public record OAuthOptions(
        List<App> apps,
        Map<String, List<String>> companies,
        Duration tokenLife,
        Duration grace,
        boolean reconnects,
        int locationsAtOnce) {

    private static final int MOST_LOCATIONS = 10_000;

    public OAuthOptions {
        apps = List.copyOf(apps);
        companies = Collections.unmodifiableMap(new LinkedHashMap<>(companies));
        if (tokenLife.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("an access token lives 1s at least, not " + tokenLife.toMillis() + "ms");
        }
        Set<String> names = new HashSet<>();
        for (App app : apps) {
            Stream.of(app.id(), app.appId(), app.clientId())
                    .distinct()
                    .filter(name -> !names.add(name))
                    .findFirst()
                    .ifPresent(twice -> {
                        throw new IllegalArgumentException("two apps are called " + twice);
                    });
        }
        Set<String> resources = new HashSet<>();
        companies.keySet().forEach(id -> checkOnce(id, "company", resources));
        companies.values().forEach(locations -> locations.forEach(id -> checkOnce(id, "location", resources)));
    }

    private static void checkOnce(String id, String kind, Set<String> resources) {
        Names.check(id, kind);
        if (!resources.add(id)) {
            throw new IllegalArgumentException(kind + " " + id + " is listed twice");
        }
    }

    /** No apps; HighLevel's lives and grace. */
    public static OAuthOptions defaults() {
        return new OAuthOptions(List.of(), Map.of(), Duration.ofSeconds(86_399), Duration.ofSeconds(30), true, 100);
    }

    public OAuthOptions withApp(App app) {
        List<App> more = new ArrayList<>(apps);
        more.add(app);
        return new OAuthOptions(more, companies, tokenLife, grace, reconnects, locationsAtOnce);
    }

    /** @param app how the tester names it; it must be there already */
    public OAuthOptions withRedirectUri(String app, String uri) {
        if (apps.stream().noneMatch(known -> known.isCalled(app))) {
            throw new IllegalArgumentException("there is no app " + app + " for the redirect URI " + uri);
        }
        List<App> changed = apps.stream()
                .map(known -> known.isCalled(app)
                        ? new App(known.id(), known.clientId(), known.clientSecret(), with(known.redirectUris(), uri))
                        : known)
                .toList();
        return new OAuthOptions(changed, companies, tokenLife, grace, reconnects, locationsAtOnce);
    }

    public OAuthOptions withCompany(String id, List<String> locations) {
        if (companies.containsKey(id)) {
            throw new IllegalArgumentException("company " + id + " is listed twice");
        }
        Map<String, List<String>> more = new LinkedHashMap<>(companies);
        more.put(id, List.copyOf(locations));
        return new OAuthOptions(apps, more, tokenLife, grace, reconnects, locationsAtOnce);
    }

    /**
     * {@code ID=LOC1,LOC2,…}, or {@code ID=50} for fifty locations from {@code ID-1} on.
     *
     * @throws IllegalArgumentException naming what was seen and what would be right
     */
    public OAuthOptions withCompany(String text) {
        String[] parts = text.strip().split("=", 2);
        if (parts.length < 2 || parts[1].isBlank()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no company: write ID=LOCATION,LOCATION,… or ID=50 for fifty of them");
        }
        if (!parts[1].matches("\\d+")) {
            return withCompany(
                    parts[0], Stream.of(parts[1].split(",")).map(String::strip).toList());
        }
        if (parts[1].length() > 5 || Integer.parseInt(parts[1]) > MOST_LOCATIONS) {
            throw new IllegalArgumentException(
                    "a company has at most " + MOST_LOCATIONS + " locations, not " + parts[1]);
        }
        return withCompany(
                parts[0],
                IntStream.rangeClosed(1, Integer.parseInt(parts[1]))
                        .mapToObj(number -> parts[0] + "-" + number)
                        .toList());
    }

    public OAuthOptions withTokenLife(Duration life) {
        return new OAuthOptions(apps, companies, life, grace, reconnects, locationsAtOnce);
    }

    public OAuthOptions withGrace(Duration time) {
        return new OAuthOptions(apps, companies, tokenLife, time, reconnects, locationsAtOnce);
    }

    public OAuthOptions withReconnect(boolean exists) {
        return new OAuthOptions(apps, companies, tokenLife, grace, exists, locationsAtOnce);
    }

    public OAuthOptions withLocationsAtOnce(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a page holds 1 location at least, not " + most);
        }
        return new OAuthOptions(apps, companies, tokenLife, grace, reconnects, most);
    }

    private static Set<String> with(Set<String> uris, String uri) {
        Set<String> more = new HashSet<>(uris);
        more.add(uri);
        return more;
    }
}
