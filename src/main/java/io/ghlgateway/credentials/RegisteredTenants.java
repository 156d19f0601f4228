package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Tenants made at run time, with private integration tokens or as aliases of installations, on all replicas. Any thread. */
public final class RegisteredTenants {

    /** @param token empty where the app's installation has it */
    public record Registered(Tenant tenant, Optional<Secret> token) {}

    private final RecordShelf shelf;
    private final StandingTenants standing;
    private final BiConsumer<Tenant, Optional<Secret>> tokens;
    /** What was made, overruled or not; guarded by this, as is the next. */
    private final Map<String, Registered> latest = new HashMap<>();

    private final Map<String, Tenant> inForce = new HashMap<>();

    /**
     * What the configuration has by the same id overrules what was made here: that is kept, and nothing else.
     *
     * @param tokens takes each tenant's private token, or that it has none
     */
    public RegisteredTenants(
            Vault vault,
            StandingTenants standing,
            BiConsumer<Tenant, Optional<Secret>> tokens,
            CredentialEvents events) {
        this.standing = standing;
        this.tokens = tokens;
        this.shelf = new RecordShelf(vault, RecordName.Kind.TENANT, (id, content) -> {
            if (content.isPresent() && standing.isConfigured(id)) {
                events.overruled(new RecordName(RecordName.Kind.TENANT, id));
            }
            learn(id, content.map(json -> read(id, json)));
        });
    }

    private synchronized void learn(String id, Optional<Registered> now) {
        now.ifPresentOrElse(made -> latest.put(id, made), () -> latest.remove(id));
        settle(id);
    }

    /** After others were configured than before: what was made stands wherever it is not overruled. */
    public synchronized void reconsider() {
        var ids = new HashSet<>(latest.keySet());
        ids.addAll(inForce.keySet());
        ids.forEach(this::settle);
    }

    private void settle(String id) {
        var now = standing.isConfigured(id) ? Optional.<Registered>empty() : Optional.ofNullable(latest.get(id));
        now.ifPresent(made -> {
            tokens.accept(made.tenant(), made.token());
            standing.put(made.tenant());
        });
        var tenant = now.map(Registered::tenant);
        var key = tenant.map(TenantKey::of);
        var before = Optional.ofNullable(tenant.isPresent() ? inForce.put(id, tenant.get()) : inForce.remove(id));
        before.filter(former -> key.isEmpty() || !TenantKey.of(former).equals(key.get()))
                .ifPresent(former -> {
                    standing.remove(TenantKey.of(former));
                    tokens.accept(former, Optional.empty());
                });
    }

    /** Counts the changes, removals among them; to be asked before all else that a change depends on. */
    public long generation(String id) {
        return shelf.generation(id);
    }

    /** Also one that the configuration overrules. */
    public Optional<Registered> find(String id) {
        return shelf.find(id).map(content -> read(id, content));
    }

    /** All that the configuration does not overrule. */
    public Map<String, Registered> all() {
        var all = new TreeMap<String, Registered>();
        shelf.all().forEach((id, content) -> {
            if (!standing.isConfigured(id)) {
                all.put(id, read(id, content));
            }
        });
        return all;
    }

    /**
     * In the place of one of the same id, if there is one.
     *
     * @param from what {@link #generation} said before this was decided upon
     * @return fails with {@link ChangedMeanwhile} where somebody else came first
     */
    public Future<Void> put(Registered registered, long from) {
        return shelf.put(registered.tenant().id(), from, write(registered));
    }

    /** @param from as of {@link #put} */
    public Future<Void> remove(String id, long from) {
        return shelf.remove(id, from);
    }

    private static JsonObject write(Registered registered) {
        var tenant = registered.tenant();
        var json = new JsonObject()
                .put("app", tenant.app().id())
                .put("kind", tenant.resource().kind().name())
                .put("resource", tenant.resource().id());
        if (!tenant.tags().isEmpty()) {
            json.put("tags", new JsonArray(tenant.tags()));
        }
        registered.token().ifPresent(token -> json.put("token", token.reveal()));
        return json;
    }

    private static Registered read(String id, JsonObject json) {
        return new Registered(
                new Tenant(
                                id,
                                new App(json.getString("app")),
                                new Resource(Resource.Kind.valueOf(json.getString("kind")), json.getString("resource")))
                        .tagged(json.getJsonArray("tags", new JsonArray()).stream()
                                .map(String.class::cast)
                                .toList()),
                Optional.ofNullable(json.getString("token")).map(Secret::of));
    }
}
