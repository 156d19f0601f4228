package io.ghlgateway;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.InstalledTokenSource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes a completed installation a tenant of HighLevel's own id, and ends it with the installation. One that waits for
 * approval is none: it must not stand in the way of a tenant that is served already.
 */
record InstalledTenants(
        Installations installations, TenantRegistry tenants, Function<InstallationKey, String> howToInstall)
        implements Consumer<Installation> {

    @Override
    public synchronized void accept(Installation told) {
        // Listeners may be told out of order: what is known counts, not what was said last.
        var installation = installations.find(told.key()).orElse(told);
        var resource = installation.key().resource();
        var tenant = new Tenant(resource.id(), installation.key().app(), resource, installation.company());
        switch (installation.status()) {
            case PENDING, REVOKED -> tenants.close(tenant, InstalledTokenSource.whyClosed(installation, howToInstall));
            case ACTIVE, PAUSED, LOST -> tenants.put(tenant);
        }
    }
}
