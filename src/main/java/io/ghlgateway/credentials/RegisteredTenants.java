package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
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

    /**
     * @param registry where they are looked up; what is configured stands there already
     * @param tokens takes each tenant's private token, or that it has none
     */
    public RegisteredTenants(Vault vault, TenantRegistry registry, BiConsumer<String, Optional<Secret>> tokens) {
        this.shelf = new RecordShelf(vault, RecordName.Kind.TENANT, (id, content) -> {
            var before = this.find(id).map(Registered::tenant);
            var now = content.map(json -> read(id, json));
            tokens.accept(id, now.flatMap(Registered::token));
            now.map(Registered::tenant).ifPresent(registry::put);
            // Last, and not where it was replaced: a request that comes meanwhile finds it.
            before.filter(former -> now.filter(there -> there.tenant().app().equals(former.app()))
                            .isEmpty())
                    .ifPresent(registry::remove);
        });
    }

    public Optional<Registered> find(String id) {
        return shelf.find(id).map(content -> read(id, content));
    }

    public Map<String, Registered> all() {
        var all = new TreeMap<String, Registered>();
        shelf.all().forEach((id, content) -> all.put(id, read(id, content)));
        return all;
    }

    /** In the place of one of the same id, if there is one. */
    public Future<Void> put(Registered registered) {
        return shelf.put(registered.tenant().id(), write(registered));
    }

    public Future<Void> remove(String id) {
        return shelf.remove(id);
    }

    private static JsonObject write(Registered registered) {
        var tenant = registered.tenant();
        var json = new JsonObject()
                .put("app", tenant.app().id())
                .put("kind", tenant.resource().kind().name())
                .put("resource", tenant.resource().id());
        registered.token().ifPresent(token -> json.put("token", token.reveal()));
        return json;
    }

    private static Registered read(String id, JsonObject json) {
        return new Registered(
                new Tenant(
                        id,
                        new App(json.getString("app")),
                        new Resource(Resource.Kind.valueOf(json.getString("kind")), json.getString("resource"))),
                Optional.ofNullable(json.getString("token")).map(Secret::of));
    }
}
