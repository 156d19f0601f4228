package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets an event, how it is signed, and when it comes again. */
class DeliveryRulesTest {

    @Test
    void signsAsThePublishedVectorOfStandardWebhooks() {
        var at = Instant.ofEpochSecond(1614265330);
        var body = Buffer.buffer("{\"test\": 2432232314}");

        for (var secret : List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")) {
            assertThat(new StandardSignature(Secret.of(secret)).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body))
                    .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    @Test
    void aSecretMustHoldAKeyToSignWith() {
        assertThat(StandardSignature.takes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                .isTrue();
        assertThat(StandardSignature.takes("any text")).isTrue();
        for (var wrong : List.of("", "whsec_", "whsec_MfKQ9r8GKYqrTwjU", "whsec_no+base64!")) {
            assertThat(StandardSignature.takes(wrong)).as(wrong).isFalse();
        }
    }

    @Test
    void aSubscriberGetsTheTypesAndTenantsThatItNames() {
        var contacts = subscriber(List.of("Contact*", "INSTALL"), List.of("*"));
        assertThat(wants(contacts, "ContactCreate", "loc1")).isTrue();
        assertThat(wants(contacts, "INSTALL", "loc1")).isTrue();
        assertThat(wants(contacts, "InvoicePaid", "loc1")).isFalse();
        assertThat(contacts.wants(event("ContactCreate", Optional.empty()), Set::of))
                .isTrue();

        var some = subscriber(List.of("*"), List.of("loc1", "acme-*"));
        assertThat(wants(some, "BrandNew", "loc1")).isTrue();
        assertThat(wants(some, "", "loc1")).as("without a type").isTrue();
        assertThat(wants(some, "ContactCreate", "loc2")).isFalse();
        assertThat(some.wants(event("ContactCreate", Optional.of("loc2")), () -> Set.of("acme-north")))
                .as("by the tenant's own name")
                .isTrue();
        assertThat(some.wants(event("ContactCreate", Optional.empty()), Set::of))
                .isFalse();
    }

    @Test
    void aSubscriberMayHaveTheEventsOfTenantsAloneWhoeverElseSendsSome() {
        var known = subscriber(List.of("*"), List.of("@known"));

        assertThat(known.wants(event("ContactCreate", Optional.of("loc1")), () -> Set.of("acme-north")))
                .isTrue();
        assertThat(known.wants(event("ContactCreate", Optional.of("strangers")), Set::of))
                .isFalse();
        assertThat(known.wants(event("ContactCreate", Optional.empty()), Set::of))
                .isFalse();
    }

    @Test
    void aPatternIsNoRegularExpression() {
        assertThat(Subscriber.matches("a.c", "abc")).isFalse();
        assertThat(Subscriber.matches("*.c", "abc")).isFalse();
        assertThat(Subscriber.matches("a*c*", "abcd")).isTrue();
        assertThat(Subscriber.matches("\\E*", "x")).isFalse();
        assertThat(Subscriber.matches("*Create", "CreateCreate")).isTrue();
        assertThat(Subscriber.matches("a*b", "a\nb")).isTrue();
        assertThat(Subscriber.matches("*", "")).isTrue();
        assertThat(Subscriber.matches("ab", "abc")).isFalse();
        assertThat(Subscriber.matches("*a".repeat(60) + "b", "a".repeat(10_000)))
                .isFalse();
    }

    @Test
    void pausesDoubleUpToTheLongestAndLoseUpToHalf() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofDays(3));
        var random = new Random(7);

        for (int attempt = 1; attempt <= 100; attempt++) {
            long full = Math.min(60_000, attempt > 20 ? 60_000 : 1_000L << (attempt - 1));
            assertThat(backoff.pause(attempt, random).toMillis()).isBetween(full / 2, full);
        }
        assertThat(backoff.isOver(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(3))))
                .isFalse();
        assertThat(backoff.isOver(
                        Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(3)).plusMillis(1)))
                .isTrue();
    }

    private static boolean wants(Subscriber subscriber, String type, String location) {
        return subscriber.wants(event(type, Optional.of(location)), Set::of);
    }

    private static Event event(String type, Optional<String> location) {
        return new Event(
                new App("main"), "e", type, location.map(Resource::location), Instant.EPOCH, Buffer.buffer("{}"));
    }

    private static Subscriber subscriber(List<String> types, List<String> tenants) {
        return new Subscriber("s", URI.create("http://s"), Secret.of("x"), types, tenants);
    }
}
