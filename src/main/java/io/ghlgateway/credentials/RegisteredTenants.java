package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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

    /**
     * What the configuration has by the same id overrules what was made here: that is kept, and nothing else.
     *
     * @param tokens takes each tenant's private token, or that it has none
     */
    public RegisteredTenants(
            Vault vault,
            StandingTenants standing,
            BiConsumer<TenantKey, Optional<Secret>> tokens,
            CredentialEvents events) {
        this.standing = standing;
        this.shelf = new RecordShelf(vault, RecordName.Kind.TENANT, (id, content) -> {
            if (standing.isConfigured(id)) {
                content.ifPresent(json -> events.overruled(new RecordName(RecordName.Kind.TENANT, id)));
                return;
            }
            var before = this.find(id).map(former -> TenantKey.of(former.tenant()));
            var now = content.map(json -> read(id, json));
            now.ifPresent(made -> {
                tokens.accept(TenantKey.of(made.tenant()), made.token());
                standing.put(made.tenant());
            });
            before.filter(key ->
                            now.isEmpty() || !key.equals(TenantKey.of(now.get().tenant())))
                    .ifPresent(key -> {
                        standing.remove(key);
                        tokens.accept(key, Optional.empty());
                    });
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
