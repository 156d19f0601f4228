package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookMessageTest {

    private final EventCatalogue catalogue = EventCatalogue.load();

    @Test
    void theCatalogueHasTheSixtyFourDocumentedTypesAndAmongThemThoseOfInstallations() {
        assertThat(catalogue.types()).hasSize(64).doesNotHaveDuplicates();
        assertThat(catalogue.types()).containsAll(EventCatalogue.lifecycle());
    }

    @Test
    void fieldsAreFoundFlatAndInData() {
        var flat = read("""
                {"type": "ContactCreate", "locationId": "loc1", "webhookId": "w-1", "timestamp": "2026-11-25T20:00:00Z"}
                """);
        var nested = read("""
                {"type": "ContactCreate", "webhookId": "w-1", "timestamp": "2026-11-25T20:00:00Z", "data": {"locationId": "loc1"}}
                """);

        for (var message : List.of(flat, nested)) {
            assertThat(message.type()).isEqualTo("ContactCreate");
            assertThat(message.id()).contains("w-1");
            assertThat(message.resource()).contains(Resource.location("loc1"));
            assertThat(message.timestamp()).contains(Instant.parse("2026-11-25T20:00:00Z"));
        }
    }

    @Test
    void whoseItIsStandsWhereTheTypeHasIt() {
        assertThat(read("{\"type\": \"LocationCreate\", \"id\": \"loc2\", \"companyId\": \"c\"}")
                        .resource())
                .contains(Resource.location("loc2"));
        assertThat(read("{\"type\": \"INSTALL\", \"installType\": \"Company\", \"companyId\": \"c\"}")
                        .resource())
                .contains(Resource.company("c"));
        assertThat(read("{\"type\": \"InvoiceCreate\", \"altId\": \"loc3\", \"altType\": \"location\"}")
                        .resource())
                .contains(Resource.location("loc3"));
        assertThat(read("{\"type\": \"BrandNew\", \"locationId\": \"loc4\"}").resource())
                .contains(Resource.location("loc4"));
    }

    @Test
    void aLocationThatIsThereAndIsNobodysIsNotPassedOverForItsCompany() {
        for (var location : List.of("\"\"", "\" \"", "\"../x\"", "7", "{}")) {
            assertThat(read("{\"type\": \"UNINSTALL\", \"locationId\": " + location + ", \"companyId\": \"c\"}")
                            .resource())
                    .as(location)
                    .isEmpty();
            assertThat(read("{\"type\": \"UNINSTALL\", \"companyId\": \"c\", \"data\": {\"locationId\": " + location
                                    + "}}")
                            .resource())
                    .as(location)
                    .isEmpty();
        }
        assertThat(read("{\"type\": \"UNINSTALL\", \"locationId\": null, \"companyId\": \"c\"}")
                        .resource())
                .contains(Resource.company("c"));
    }

    @Test
    void whatIsMissingOrStrangeIsLeftOut() {
        for (var strange :
                List.of("", "[]", "7", "no json", "{\"type\": 7, \"webhookId\": [], \"timestamp\": \"soon\"}")) {
            var message = read(strange);

            assertThat(message.type()).as(strange).isEmpty();
            assertThat(message.id()).isEmpty();
            assertThat(message.timestamp()).isEmpty();
            assertThat(message.resource()).isEmpty();
        }
        assertThat(read("{\"type\": \"a b\\n\", \"webhookId\": \"a b\", \"locationId\": \"../x\"}"))
                .satisfies(message -> assertThat(message.type()).isEmpty())
                .satisfies(message -> assertThat(message.id()).isEmpty())
                .satisfies(message -> assertThat(message.resource()).isEmpty());
    }

    private WebhookMessage read(String body) {
        return WebhookMessage.read(body.getBytes(StandardCharsets.UTF_8), catalogue);
    }
}
