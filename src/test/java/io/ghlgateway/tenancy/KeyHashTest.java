package io.ghlgateway.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeyHashTest {

    /** FIPS 180-4's own example. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isTheSha256OfTheWholeKey() {
        assertThat(KeyHash.of(Secret.of("abc"))).isEqualTo(KeyHash.ofHex(OF_ABC));
        assertThat(KeyHash.of(Secret.of("abc"))).isNotEqualTo(KeyHash.of(Secret.of("abd")));
    }

    @Test
    void equalsByContentInEitherCase() {
        var hash = KeyHash.ofHex(OF_ABC);

        assertThat(KeyHash.ofHex(OF_ABC.toUpperCase())).isEqualTo(hash).hasSameHashCodeAs(hash);
    }

    @Test
    void cannotBeChangedFromOutside() {
        var hash = KeyHash.ofHex(OF_ABC);

        hash.bytes()[0] = 0;

        assertThat(hash).isEqualTo(KeyHash.ofHex(OF_ABC));
    }

    @Test
    void saysNothing() {
        assertThat(KeyHash.ofHex(OF_ABC)).hasToString("sha256:***");
    }

    @Test
    void isNothingButThirtyTwoBytes() {
        assertThatThrownBy(() -> KeyHash.ofHex("00")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyHash.ofHex("zz")).isInstanceOf(IllegalArgumentException.class);
    }
}
