package io.ghlgateway;

import io.ghlgateway.admin.CredentialApi;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.TenantSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/** What operators may do with credentials, joined: empty where there is no keyset to keep any with. */
final class OperatorsApi {

    private OperatorsApi() {}

    static Optional<CredentialApi> of(Settings settings, Credentials credentials) {
        var random = new SecureRandom();
        return credentials
                .kept()
                .map(kept -> new CredentialApi(
                        kept.rooms(),
                        configured(settings, kept),
                        () -> GatewayKey.make(random).secret(),
                        InstantSource.system()));
    }

    private static CredentialApi.Configured configured(Settings settings, Credentials.Kept kept) {
        return new CredentialApi.Configured(
                kept.clients(),
                settings.tenants().stream().map(TenantSettings::tenant).toList(),
                settings.tenants().stream()
                        .filter(tenant -> tenant.token().isPresent())
                        .map(tenant -> tenant.tenant().id())
                        .collect(Collectors.toSet()),
                settings.callers().stream().map(CallerSettings::caller).toList());
    }
}
