package io.ghlgateway;

import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.simulator.WindowKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a {@link TestBed} is to be. Both sides are told the same quota, which is far away unless {@link #quota} sets it.
 * The gateway is configured in YAML, as operators do it.
 */
public final class Plan {

    public static final String ACME_TOKEN = "pit-acme-0f2a9c51";
    /** Of the same location, and valid too. */
    public static final String ACME_OTHER_TOKEN = "pit-acme-other-66c1";

    public static final String GLOBEX_TOKEN = "pit-globex-7be410d3";
    public static final String KEY = "billing-key-c81d22f7";
    public static final String ADMIN_KEY = "operators-key-51fe03ab";
    public static final String ACME = "ve9EPM428h8vShlRW1KT";
    public static final String GLOBEX = "qX3kT0aPz7LmN5wYcR2d";

    private static final Map<String, Account> ACCOUNTS = Map.of(
            ACME_TOKEN,
            Account.parse(ACME),
            ACME_OTHER_TOKEN,
            Account.parse(ACME),
            GLOBEX_TOKEN,
            Account.parse(GLOBEX));

    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    private final List<String> tenants = new ArrayList<>();
    private final List<String> callers = new ArrayList<>();
    private final List<String> issuers = new ArrayList<>();
    private String more = "";
    private final SimulatorOptions.Builder simulator =
            SimulatorOptions.builder().latency(Latency.none()).tokens(ACCOUNTS);

    public Plan() {
        set("proxy.host", "127.0.0.1").set("proxy.port", "0");
        set("admin.host", "127.0.0.1").set("admin.port", "0").set("admin.key", ADMIN_KEY);
        set("limits.journal", "none").set("drain.timeout", "1s");
        quota(5_000, Duration.ofSeconds(10), Duration.ofMillis(500));
        tenant("{id: acme, location: " + ACME + ", token: " + ACME_TOKEN + "}");
        tenant("{id: globex, location: " + GLOBEX + ", token: " + GLOBEX_TOKEN + "}");
        caller("{name: billing, key: " + KEY + ", tenants: [acme, globex], default-tenant: acme}");
    }

    /** @param key a section and a key in it, {@code proxy.max-body}; the last value stands */
    public Plan set(String key, String value) {
        var parts = key.split("\\.", 2);
        sections.computeIfAbsent(parts[0], name -> new LinkedHashMap<>()).put(parts[1], value);
        return this;
    }

    public Plan unset(String key) {
        var parts = key.split("\\.", 2);
        sections.get(parts[0]).remove(parts[1]);
        return this;
    }

    /** The quota of each location, and how far the gateway keeps from its edges. */
    public Plan quota(int requests, Duration per, Duration guard) {
        simulator.limit(requests, per);
        return set("limits.burst", "{requests: " + requests + ", per: " + per.toMillis() + "ms}")
                .set("limits.guard", guard.toMillis() + "ms")
                .set("limits.permit-ttl", guard.toMillis() / 3 + "ms");
    }

    /** What HighLevel really gives, of which the gateway knows nothing. */
    public Plan truly(WindowKind window, int requests, Duration per, int daily) {
        simulator.window(window).limit(requests, per).daily(daily);
        return this;
    }

    /** So many sends, and no more of them while the test lasts: its window outlives any slow machine. */
    public Plan spent(int requests) {
        return quota(requests, Duration.ofMinutes(50), Duration.ofSeconds(1));
    }

    /** The day's quota of each location. */
    public Plan daily(int requests) {
        simulator.daily(requests);
        return set("limits.daily", String.valueOf(requests));
    }

    public Plan tenant(String yaml) {
        tenants.add(yaml);
        return this;
    }

    public Plan caller(String yaml) {
        callers.add(yaml);
        return this;
    }

    /** Of those so far, whose lines hold this. */
    public Plan without(String part) {
        tenants.removeIf(yaml -> yaml.contains(part));
        callers.removeIf(yaml -> yaml.contains(part));
        return this;
    }

    /** Callers may come with its tokens, too. */
    public Plan issuer(String yaml) {
        issuers.add(yaml);
        return this;
    }

    /** More of the file, as it stands. */
    public Plan more(String yaml) {
        more += yaml;
        return this;
    }

    /** HighLevel is otherwise than it usually is. */
    public Plan highLevel(Consumer<SimulatorOptions.Builder> otherwise) {
        otherwise.accept(simulator);
        return this;
    }

    /** The simulator knows these tokens too. */
    public Plan tokens(Map<String, Account> tokens) {
        var all = new HashMap<>(ACCOUNTS);
        all.putAll(tokens);
        simulator.tokens(all);
        return this;
    }

    /** It does, and finds fault with all it can. */
    public Plan strict(Map<String, Account> tokens) {
        simulator.strict(true);
        return tokens(tokens);
    }

    public SimulatorOptions simulator() {
        return simulator.build();
    }

    /** So that a gateway can be started from it, or read it again. */
    public void write(Path file, URI upstream) {
        try {
            Files.writeString(file, yaml(upstream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String yaml(URI upstream) {
        set("upstream.base-url", upstream.toString());
        return sections.entrySet().stream()
                        .map(section -> section.getKey() + ": " + inline(section.getValue()) + "\n")
                        .collect(Collectors.joining())
                + list("tenants", tenants)
                + list("callers", callers)
                + (issuers.isEmpty() ? "" : list("jwt", issuers))
                + more;
    }

    Settings settings(URI upstream) {
        var yaml = yaml(upstream);
        var loaded = SettingsLoader.parse(Path.of("test.yaml"), yaml, Map.of());
        if (loaded instanceof Loaded.Ready ready) {
            return ready.settings();
        }
        throw new AssertionError(loaded + "\n" + yaml);
    }

    private static String inline(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + ": " + value.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String list(String name, List<String> items) {
        return name + ":\n" + items.stream().map(item -> "  - " + item + "\n").collect(Collectors.joining());
    }
}
