package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RegisteredTenants.Registered;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants that change while requests look them up. */
class RegisteredTenantsTest {

    private static final Tenant PRIVATE = new Tenant("globex", App.PRIVATE, Resource.location("loc9"));
    private static final Tenant INSTALLED = new Tenant("globex", new App("main"), Resource.location("loc9"));

    @TempDir
    Path directory;

    private final TenantRegistry registry = new TenantRegistry(List.of());

    @Test
    void aTenantThatGetsAnotherTokenIsThereAllTheWhile() throws Exception {
        var there = new ArrayList<List<Tenant>>();
        var store = FileTokenStore.open(directory, InstantSource.system());
        var events = (CredentialEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CredentialEvents.class}, (proxy, method, args) -> null);
        var vault = new Vault(store, RecordCipher.of(RecordCipher.newKeyset()), events);
        var installations = new Installations(vault, new NoRefreshJournal(), events);
        var tenants = new RegisteredTenants(
                vault,
                new StandingTenants(registry, List.of(), installations, key -> ""),
                (tenant, token) -> there.add(registry.alias(tenant.id())),
                events);

        Await.result(
                tenants.put(new Registered(PRIVATE, Optional.of(Secret.of("pit-one"))), tenants.generation("globex")));
        Await.result(
                tenants.put(new Registered(PRIVATE, Optional.of(Secret.of("pit-two"))), tenants.generation("globex")));
        Await.result(tenants.put(new Registered(INSTALLED, Optional.empty()), tenants.generation("globex")));

        assertThat(there).containsExactly(List.of(), List.of(PRIVATE), List.of(PRIVATE), List.of(INSTALLED));
        assertThat(registry.all()).containsExactly(INSTALLED);
        Await.result(tenants.remove("globex", tenants.generation("globex")));
        assertThat(registry.all()).isEmpty();
        Await.result(store.close());
    }
}
