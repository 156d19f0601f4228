package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.tenancy.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCipherTest {

    private static final RecordName HERE = new RecordName(RecordName.Kind.INSTALLATION, "app:location:here");
    private static final RecordName THERE = new RecordName(RecordName.Kind.INSTALLATION, "app:location:there");
    private static final byte[] PLAIN = "the refresh token".getBytes(StandardCharsets.UTF_8);

    private final Secret keyset = RecordCipher.newKeyset();
    private final RecordCipher cipher = RecordCipher.of(keyset);

    @Test
    void opensWhatItSealed() throws Exception {
        var sealed = cipher.seal(HERE, 7, PLAIN);

        assertThat(cipher.open(sealed)).isEqualTo(PLAIN);
        assertThat(new String(sealed.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("refresh");
    }

    @Test
    void opensEmptyContent() throws Exception {
        assertThat(cipher.open(cipher.seal(HERE, 1, new byte[0]))).isEmpty();
    }

    @Test
    void twoRecordsCannotBeSwapped() {
        var here = cipher.seal(HERE, 7, PLAIN);
        var there = cipher.seal(THERE, 7, PLAIN);

        assertUnreadable(new Sealed(HERE, 7, there.bytes()));
        assertUnreadable(new Sealed(THERE, 7, here.bytes()));
        assertUnreadable(new Sealed(new RecordName(RecordName.Kind.TENANT, HERE.id()), 7, here.bytes()));
    }

    @Test
    void aRecordCannotBeRolledToAnotherGeneration() {
        var sealed = cipher.seal(HERE, 7, PLAIN);

        assertUnreadable(new Sealed(HERE, 6, sealed.bytes()));
        assertUnreadable(new Sealed(HERE, 8, sealed.bytes()));
    }

    @Test
    void noByteCanBeChangedOrCut() {
        var bytes = cipher.seal(HERE, 7, PLAIN).bytes();

        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            assertUnreadable(new Sealed(HERE, 7, changed));
            assertUnreadable(new Sealed(HERE, 7, java.util.Arrays.copyOf(bytes, i)));
        }
    }

    @Test
    void afterARotationTheOldIsReadAndTheNewKeyIsUsed() throws Exception {
        var old = cipher.seal(HERE, 7, PLAIN);
        var rotated = RecordCipher.of(RecordCipher.rotated(keyset));

        assertThat(rotated.open(old)).isEqualTo(PLAIN);
        assertThat(RecordCipher.keyOf(old)).isEqualTo(cipher.primaryKey()).isNotEqualTo(rotated.primaryKey());
        var again = rotated.seal(HERE, 8, rotated.open(old));
        assertThat(RecordCipher.keyOf(again)).isEqualTo(rotated.primaryKey());
        assertThat(rotated.open(again)).isEqualTo(PLAIN);
    }

    @Test
    void aRecordOfAnotherKeysetFailsAndNamesItsKey() {
        var sealed = RecordCipher.of(RecordCipher.newKeyset()).seal(HERE, 7, PLAIN);

        assertThatThrownBy(() -> cipher.open(sealed))
                .isInstanceOf(RecordCipher.Unreadable.class)
                .hasMessage("installation/app:location:here#7 was sealed with key "
                        + Integer.toUnsignedString(RecordCipher.keyOf(sealed)) + ", which the keyset does not hold");
    }

    @Test
    void aKeysetIsOneLineWithoutBlanks() {
        assertThat(keyset.reveal()).matches("[A-Za-z0-9_-]+");
        assertThat(RecordCipher.rotated(keyset).reveal()).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "secret words", "e30", "eyJwcmltYXJ5S2V5SWQiOjF9", "ghl-secret-123456"})
    void whatIsNoKeysetIsRefusedWithoutQuotingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordCipher.of(Secret.of(text)))
                .withMessageStartingWith("not a keyset")
                .withNoCause();
    }

    @Test
    void aKeysetOfAnotherKindOfKeyIsRefused() throws Exception {
        com.google.crypto.tink.aead.AeadConfig.register();
        var other = com.google.crypto.tink.KeysetHandle.generateNew(
                com.google.crypto.tink.aead.PredefinedAeadParameters.CHACHA20_POLY1305);
        var json = com.google.crypto.tink.TinkJsonProtoKeysetFormat.serializeKeyset(
                other, com.google.crypto.tink.InsecureSecretKeyAccess.get());
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordCipher.of(Secret.of(text)))
                .withMessageContaining("not an AES-256-GCM key");
    }

    private void assertUnreadable(Sealed sealed) {
        assertThatThrownBy(() -> cipher.open(sealed)).isInstanceOf(RecordCipher.Unreadable.class);
    }
}
