package io.ghlgateway.webhooks;

import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RecordShelf;
import io.ghlgateway.credentials.Vault;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who wants webhooks: what is configured, and what operators make at run time, on all replicas. What is configured
 * overrules what was made under the same name. Any thread.
 */
public final class Subscribers {

    private final Map<String, Subscriber> configured;
    private final TenantRegistry tenants;
    private final RecordShelf shelf;
    private final ConcurrentMap<String, Subscriber> standing = new ConcurrentHashMap<>();

    /** @param changed hears the name of each that comes, changes or goes; must not block */
    public Subscribers(
            Collection<Subscriber> configured, TenantRegistry tenants, Vault vault, Consumer<String> changed) {
        this.configured =
                configured.stream().collect(Collectors.toUnmodifiableMap(Subscriber::name, Function.identity()));
        this.tenants = tenants;
        this.standing.putAll(this.configured);
        this.shelf = new RecordShelf(vault, RecordName.Kind.SUBSCRIBER, (name, content) -> {
            if (this.configured.containsKey(name)) {
                return;
            }
            if (content.isPresent()) {
                standing.put(name, read(name, content.get()));
            } else {
                standing.remove(name);
            }
            changed.accept(name);
        });
    }

    public Optional<Subscriber> find(String name) {
        return Optional.ofNullable(standing.get(name));
    }

    /** By name. */
    public Collection<Subscriber> all() {
        return new TreeMap<>(standing).values();
    }

    public boolean isConfigured(String name) {
        return configured.containsKey(name);
    }

    /** The names of those who want it. */
    public List<String> of(Event event) {
        Supplier<Set<String>> names = () -> event.resource()
                .map(resource -> tenants.resource(resource.id()).stream()
                        .filter(tenant -> tenant.app().equals(event.app()))
                        .map(tenant -> tenant.id())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        return standing.values().stream()
                .filter(subscriber -> subscriber.wants(event, names))
                .map(Subscriber::name)
                .toList();
    }

    /** Counts the changes, removals among them; to be asked before all else that a change depends on. */
    public long generation(String name) {
        return shelf.generation(name);
    }

    /**
     * In the place of one of the same name, if there is one.
     *
     * @param from what {@link #generation} said before this was decided upon
     * @return fails with {@link io.ghlgateway.credentials.ChangedMeanwhile} where somebody else came first
     */
    public Future<Void> put(Subscriber subscriber, long from) {
        return shelf.put(
                subscriber.name(),
                from,
                new JsonObject()
                        .put("url", subscriber.url().toString())
                        .put("secret", subscriber.secret().reveal())
                        .put("types", new JsonArray(subscriber.types()))
                        .put("tenants", new JsonArray(subscriber.tenants())));
    }

    /** @param from as of {@link #put} */
    public Future<Void> remove(String name, long from) {
        return shelf.remove(name, from);
    }

    private static Subscriber read(String name, JsonObject json) {
        return new Subscriber(
                name,
                URI.create(json.getString("url")),
                Secret.of(json.getString("secret")),
                texts(json.getJsonArray("types")),
                texts(json.getJsonArray("tenants")));
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }
}
