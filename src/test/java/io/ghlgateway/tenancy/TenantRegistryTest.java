package io.ghlgateway.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TenantRegistryTest {

    private static final App CRM = new App("crm");
    private static final App ADS = new App("ads");
    private static final Resource LOC1 = Resource.location("loc1");
    private static final Resource COM1 = Resource.company("com1");

    private final Tenant acme = new Tenant("acme", CRM, LOC1);
    private final Tenant second = new Tenant("second", App.PRIVATE, LOC1);
    private final Tenant agency = new Tenant("agency", App.PRIVATE, Resource.company("com2"));
    private final TenantRegistry registry = new TenantRegistry(List.of(acme, second, agency));

    @Test
    void thoseConfiguredStandFirstAndTheOthersByApp() {
        registry.put(new Tenant("loc1", CRM, LOC1));
        registry.put(new Tenant("loc1", ADS, LOC1));

        assertThat(registry.resource("loc1"))
                .containsExactly(acme, second, new Tenant("loc1", ADS, LOC1), new Tenant("loc1", CRM, LOC1));
        assertThat(registry.alias("loc1")).map(Tenant::app).containsExactly(ADS, CRM);
        assertThat(registry.alias("acme")).containsExactly(acme);
        assertThat(registry.all()).hasSize(5);
    }

    @Test
    void agenciesStandInTheSameOrder() {
        registry.put(new Tenant("com1", CRM, COM1));
        registry.put(new Tenant("com1", ADS, COM1));

        assertThat(registry.agencies())
                .containsExactly(agency, new Tenant("com1", ADS, COM1), new Tenant("com1", CRM, COM1));
    }

    @Test
    void aTenantPutAgainIsReplacedWhereItStands() {
        var known = new Tenant("acme", CRM, LOC1, Optional.of(COM1));

        registry.put(known);

        assertThat(registry.resource("loc1")).containsExactly(known, second);
        assertThat(registry.alias("acme")).containsExactly(known);
        assertThat(registry.all()).hasSize(3);
    }

    @Test
    void aTenantThatMovesIsNotFoundWhereItWas() {
        var moved = new Tenant("agency", App.PRIVATE, Resource.location("loc7"));

        registry.put(moved);

        assertThat(registry.agencies()).isEmpty();
        assertThat(registry.resource("com2")).isEmpty();
        assertThat(registry.resource("loc7")).containsExactly(moved);
        assertThat(registry.alias("agency")).containsExactly(moved);
    }

    @Test
    void aTenantRemovedIsFoundNowhereAndItsNamesakesAre() {
        registry.put(new Tenant("loc1", CRM, LOC1));
        registry.put(new Tenant("loc1", ADS, LOC1));

        registry.remove(TenantKey.of(new Tenant("loc1", CRM, LOC1)));
        registry.remove(TenantKey.of(agency));
        registry.remove(TenantKey.of(new Tenant("nobody", CRM, LOC1)));

        assertThat(registry.alias("loc1")).map(Tenant::app).containsExactly(ADS);
        assertThat(registry.agencies()).isEmpty();
        assertThat(registry.alias("agency")).isEmpty();
        assertThat(registry.all()).hasSize(3);
    }

    @Test
    void refusesTwoOfOneIdAndAppInTheConfiguration() {
        assertThatThrownBy(() -> new TenantRegistry(List.of(acme, acme)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme");
    }

    /** A second or two; where each put went through all that are there it would take minutes. */
    @Test
    void takesAHundredThousandTenantsOneByOne() {
        Assertions.assertTimeout(Duration.ofSeconds(40), () -> {
            for (int i = 0; i < 100_000; i++) {
                registry.put(new Tenant("l" + i, CRM, Resource.location("l" + i), Optional.of(COM1)));
            }
            for (int i = 0; i < 20_000; i++) {
                registry.put(new Tenant("c" + i, CRM, Resource.company("c" + i)));
            }
        });

        assertThat(registry.all()).hasSize(3 + 120_000);
        assertThat(registry.agencies()).hasSize(1 + 20_000);
        assertThat(registry.resource("l99999")).hasSize(1);
    }

    @Test
    void aTenantThatIsReplacedAllTheWhileIsNeverMissed() throws InterruptedException {
        var done = new AtomicBoolean();
        var writer = new Thread(() -> {
            for (int i = 0; i < 50_000; i++) {
                registry.put(new Tenant("acme", CRM, LOC1, i % 2 == 0 ? Optional.of(COM1) : Optional.empty()));
            }
            done.set(true);
        });
        int missed = 0;

        writer.start();
        while (!done.get()) {
            missed += registry.resource("loc1").size() == 2 ? 0 : 1;
            missed += registry.alias("acme").size() == 1 ? 0 : 1;
        }
        writer.join();

        assertThat(missed).isZero();
    }
}
