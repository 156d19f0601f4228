package io.ghlgateway.admin;

import static io.ghlgateway.admin.AdminBed.imported;
import static io.ghlgateway.admin.AdminBed.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RecordName.Kind;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants and callers of one name, out of the configuration, the admin door and installations. */
class ConfiguredAndMadeTest {

    private static final Tenant CRM = new Tenant("crm", App.PRIVATE, Resource.location("crmloc"));
    private static final Tenant LOC = new Tenant("loc", new App("main"), Resource.location("loc"));
    private static final Caller SYNC = Callers.any("sync");
    private static final String MADE = "{\"location\": \"elsewhere\", \"token\": \"pit-made\"}";
    private static final String ALIAS = "{\"app\": \"main\", \"location\": \"loc\"}";

    private @TempDir Path directory;

    private AdminBed bed() {
        return bed(List.of(), List.of());
    }

    private AdminBed bed(List<Tenant> tenants, List<Caller> callers) {
        return new AdminBed(directory, AdminBed.KEYSET, tenants, callers);
    }

    private static Optional<String> callerWith(AdminBed bed, String key) {
        return bed.callers.caller(KeyHash.of(Secret.of(key))).map(Caller::name);
    }

    private static String make(AdminBed bed) {
        return bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}")
                .json()
                .getString("key");
    }

    @Test
    void aCallerThatWasDeletedDoesNoHarmToTheOneConfiguredLater() {
        try (var before = bed()) {
            make(before);
            before.send("DELETE", "/callers/sync", "");
        }
        try (var after = bed(List.of(), List.of(SYNC))) {
            assertThat(callerWith(after, "sync")).contains("sync");
            assertThat(after.overruled).isEmpty();
        }
    }

    @Test
    void aConfiguredCallerOverrulesTheOneThatWasMadeAndThatCanBeDeleted() {
        String key;
        try (var before = bed()) {
            key = make(before);
        }
        try (var after = bed(List.of(), List.of(SYNC))) {
            assertThat(callerWith(after, "sync")).contains("sync");
            assertThat(callerWith(after, key)).isEmpty();
            assertThat(after.overruled).containsExactly(new RecordName(Kind.CALLER, "sync"));
            assertThat(after.get("/callers").json().getJsonArray("callers")).hasSize(2);
            assertThat(after.send("DELETE", "/callers/sync", "").status()).isEqualTo(204);
            assertThat(callerWith(after, "sync")).contains("sync");
            assertThat(after.send("DELETE", "/callers/sync", "").status()).isEqualTo(409);
        }
    }

    @Test
    void aTenantThatWasDeletedDoesNoHarmToTheOneConfiguredLater() {
        try (var before = bed()) {
            before.send("PUT", "/tenants/crm", MADE);
            before.send("DELETE", "/tenants/crm", "");
        }
        try (var after = bed(List.of(CRM), List.of())) {
            assertThat(after.tenants.alias("crm")).containsExactly(CRM);
            assertThat(after.privateTokens).containsEntry(TenantKey.of(CRM), Secret.of("crm"));
            assertThat(after.overruled).isEmpty();
        }
    }

    @Test
    void aConfiguredTenantOverrulesTheOneThatWasMadeAndThatCanBeDeleted() {
        try (var before = bed()) {
            before.send("PUT", "/tenants/crm", MADE);
        }
        try (var after = bed(List.of(CRM), List.of())) {
            assertThat(after.tenants.alias("crm")).containsExactly(CRM);
            assertThat(after.privateTokens).containsEntry(TenantKey.of(CRM), Secret.of("crm"));
            assertThat(after.overruled).containsExactly(new RecordName(Kind.TENANT, "crm"));
            assertThat(after.get("/tenants").json().getJsonArray("tenants")).hasSize(2);
            assertThat(after.send("DELETE", "/tenants/crm", "").status()).isEqualTo(204);
            assertThat(after.tenants.alias("crm")).containsExactly(CRM);
            assertThat(after.send("DELETE", "/tenants/crm", "").status()).isEqualTo(409);
        }
    }

    @Test
    void theInstalledTenantStaysWhenTheOneThatWasMadeBeforeItGoes() {
        try (var bed = bed()) {
            bed.send("PUT", "/tenants/loc", ALIAS);
            bed.post("/installations/import", imported(token("loc")));

            assertThat(bed.send("DELETE", "/tenants/loc", "").status()).isEqualTo(204);

            assertThat(bed.tenants.alias("loc"))
                    .containsExactly(
                            new Tenant("loc", LOC.app(), LOC.resource(), Optional.of(Resource.company("comp"))));
        }
    }

    @Test
    void theTenantThatWasMadeStaysWhenTheInstallationGoes() {
        try (var bed = bed()) {
            bed.send("PUT", "/tenants/loc", ALIAS);
            bed.post("/installations/import", imported(token("loc")));

            bed.send("DELETE", "/installations/main/location:loc", "");

            assertThat(bed.tenants.alias("loc")).containsExactly(LOC);
        }
    }

    @Test
    void anInstallationNeverTurnsATenantToAnotherLocation() {
        try (var bed = bed()) {
            bed.send("PUT", "/tenants/loc", "{\"app\": \"main\", \"location\": \"elsewhere\"}");

            bed.post("/installations/import", imported(token("loc")));

            assertThat(bed.tenants.alias("loc"))
                    .containsExactly(new Tenant("loc", LOC.app(), Resource.location("elsewhere")));
        }
    }

    @Test
    void aConfiguredTenantStaysWhenTheInstallationGoes() {
        try (var bed = bed(List.of(LOC), List.of())) {
            bed.post("/installations/import", imported(token("loc")));

            bed.send("DELETE", "/installations/main/location:loc", "");

            assertThat(bed.tenants.alias("loc")).containsExactly(LOC);
        }
    }
}
