package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import java.util.Optional;

/** An app at a location or company: at most one installation is there, and its kind is part of its name. */
public record InstallationKey(App app, Resource resource) {

    public static InstallationKey of(Tenant tenant) {
        return new InstallationKey(tenant.app(), tenant.resource());
    }

    public RecordName name() {
        return new RecordName(RecordName.Kind.INSTALLATION, toString());
    }

    static Optional<InstallationKey> of(RecordName name) {
        var parts = name.id().split(":", -1);
        if (name.kind() != RecordName.Kind.INSTALLATION || parts.length != 3) {
            return Optional.empty();
        }
        var kind = parts[1].equals("company") ? Resource.Kind.COMPANY : Resource.Kind.LOCATION;
        return Optional.of(new InstallationKey(new App(parts[0]), new Resource(kind, parts[2])));
    }

    /** {@code APP:location:ID} or {@code APP:company:ID}. */
    @Override
    public String toString() {
        return app + ":" + resource;
    }
}
