package io.ghlgateway.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void saysNothingUnlessAsked() {
        var secret = Secret.of("pit-1");

        assertThat(secret).hasToString("***").isNotInstanceOf(Serializable.class);
        assertThat(secret.reveal()).isEqualTo("pit-1");
    }

    @Test
    void equalsByContent() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b")).isNotEqualTo("a");
    }

    @Test
    void isNeverEmpty() {
        assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
