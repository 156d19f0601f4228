package io.ghlgateway.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerRegistryTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final KeyHash OLD = KeyHash.of(Secret.of("old"));
    private static final KeyHash NEW = KeyHash.of(Secret.of("new"));

    private Instant now = NOON;
    private final CallerRegistry callers = new CallerRegistry(() -> now);

    @Test
    void knowsACallerByEachOfItsKeys() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD), CallerKey.of(NEW)));

        assertThat(callers.caller(OLD)).contains(caller("billing"));
        assertThat(callers.caller(NEW)).contains(caller("billing"));
        assertThat(callers.caller(KeyHash.of(Secret.of("other")))).isEmpty();
    }

    @Test
    void aKeyOpensNothingFromTheMomentItExpires() {
        callers.put(
                caller("billing"),
                Set.of(CallerKey.of(OLD).until(Optional.of(NOON.plusSeconds(60))), CallerKey.of(NEW)));

        now = NOON.plusSeconds(59);
        assertThat(callers.caller(OLD)).contains(caller("billing"));
        now = NOON.plusSeconds(60);

        assertThat(callers.caller(OLD)).isEmpty();
        assertThat(callers.caller(NEW)).contains(caller("billing"));
    }

    @Test
    void aCallerPutAgainIsReplacedWithItsKeys() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD)));
        var narrowed = Callers.of("billing", Set.of("acme"));

        callers.put(narrowed, Set.of(CallerKey.of(NEW)));

        assertThat(callers.caller(OLD)).isEmpty();
        assertThat(callers.caller(NEW)).contains(narrowed);
    }

    @Test
    void aKeyIsNeverTakenFromAnother() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD)));

        assertThatThrownBy(() -> callers.put(caller("crm"), Set.of(CallerKey.of(OLD), CallerKey.of(NEW))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("billing");

        assertThat(callers.caller(OLD)).contains(caller("billing"));
        assertThat(callers.caller(NEW)).isEmpty();
    }

    @Test
    void aCallerRemovedIsNobodyAndItsKeyIsFree() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD)));

        callers.remove("billing");
        callers.remove("nobody");

        assertThat(callers.caller(OLD)).isEmpty();
        callers.put(caller("crm"), Set.of(CallerKey.of(OLD)));
        assertThat(callers.caller(OLD)).contains(caller("crm"));
    }

    @Test
    void aKeysLastUseIsKnownToTheMinuteAndOutlivesAChangeOfItsCaller() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD), CallerKey.of(NEW)));

        callers.caller(OLD);
        now = NOON.plusSeconds(59);
        callers.caller(OLD);
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD).until(Optional.of(NOON.plusSeconds(90)))));

        assertThat(callers.lastUsed(OLD)).contains(NOON);
        assertThat(callers.lastUsed(NEW)).isEmpty();
        now = NOON.plusSeconds(60);
        callers.caller(OLD);
        assertThat(callers.lastUsed(OLD)).contains(NOON.plusSeconds(60));
        now = NOON.plusSeconds(150);
        assertThat(callers.caller(OLD)).isEmpty();
        assertThat(callers.ended(OLD)).contains(NOON.plusSeconds(90));
        assertThat(callers.lastUsed(OLD)).contains(NOON.plusSeconds(60));
    }

    @Test
    void callersAreReplacedTogetherOrNotAtAll() {
        callers.put(caller("billing"), Set.of(CallerKey.of(OLD)));
        callers.put(caller("crm"), Set.of(CallerKey.of(NEW)));

        callers.replace(Set.of("crm"), Map.of(caller("billing"), Set.of(CallerKey.of(NEW))));
        assertThat(callers.caller(NEW)).contains(caller("billing"));
        assertThat(callers.caller(OLD)).isEmpty();
        assertThat(callers.names()).containsExactly("billing");

        assertThatThrownBy(() -> callers.replace(
                        Set.of("billing"),
                        Map.of(caller("a"), Set.of(CallerKey.of(OLD)), caller("b"), Set.of(CallerKey.of(OLD)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(callers.names()).containsExactly("billing");
    }

    private static Caller caller(String name) {
        return Callers.any(name);
    }
}
