package io.ghlgateway.highlevel;

import static io.ghlgateway.highlevel.WebhookSignature.ED25519_HEADER;
import static io.ghlgateway.highlevel.WebhookSignature.RSA_HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.WebhookSignature.Verdict;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    /** Made with Node's crypto; {@code verifyEd25519Signature} of the official SDK 3.1.0 says true to them. */
    private static final String SDK_KEY = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA7s+MOf1RzjL09M6RGyK1mfMh/yHebmfnCAakGxMdam0=
        -----END PUBLIC KEY-----
        """;

    private static final String SDK_BODY = "{\"type\":\"ContactCreate\",\"locationId\":\"ve9EPM428h8vShlRW1KT\","
            + "\"id\":\"nmFmQEsNgz6AVpgLVUJ0\",\"firstName\":\"Zoë\",\"timestamp\":\"2026-11-25T20:00:00.000Z\","
            + "\"webhookId\":\"6a8b2c1d-0e4f-4a5b-9c7d-8e1f2a3b4c5d\"}";
    private static final String SDK_SIGNATURE =
            "doDrs1Oz9+x0lO2P0jhC2N6JxhDZjuK/8T38l4t93W59osz9OXlAjMV6u70ZHG9hIzIZDhwRibkr5oGNfv3rCQ==";

    private static final Instant NOW = Instant.parse("2026-08-31T12:00:00Z");
    private static final Instant RSA_END = Instant.parse("2026-09-01T00:00:00Z");

    private static final KeyPair ED = pair("Ed25519");
    private static final KeyPair RSA = pair("RSA");

    private final byte[] body = "{\"type\":\"X\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void takesWhatTheOfficialSdkTakes() {
        var signature = new WebhookSignature(List.of(PemPublicKey.read(SDK_KEY).orElseThrow()), Optional.empty());

        assertThat(judged(
                        signature,
                        headers(ED25519_HEADER, SDK_SIGNATURE),
                        SDK_BODY.getBytes(StandardCharsets.UTF_8),
                        NOW))
                .isEqualTo(Verdict.GENUINE);
    }

    @Test
    void shipsTheKeysThatHighLevelPublishes() throws GeneralSecurityException {
        var sha256 = MessageDigest.getInstance("SHA-256");

        assertThat(WebhookSignature.published().stream()
                        .map(key -> HexFormat.of().formatHex(sha256.digest(key.getEncoded()))))
                .containsExactly(
                        "5a2c1b2749d3efcc233fb27d4ab43d56b8d20818c42cd226f6c9a3ff20d3097c",
                        "2f62045d413b1b7747e26770ce7f57840cbf86288cd20ceb90d299a62501fd25");
    }

    @Test
    void oneFlippedBitOfBodyOrSignatureIsAForgery() {
        var good = sign("Ed25519", ED.getPrivate());
        var signature = new WebhookSignature(List.of(ED.getPublic()), Optional.empty());

        for (int bit = 0; bit < 8 * body.length; bit += 5) {
            assertThat(judged(signature, headers(ED25519_HEADER, text(good)), flipped(body, bit), NOW))
                    .isEqualTo(Verdict.FORGED);
        }
        for (int bit = 0; bit < 8 * good.length; bit += 23) {
            assertThat(judged(signature, headers(ED25519_HEADER, text(flipped(good, bit))), body, NOW))
                    .isEqualTo(Verdict.FORGED);
        }
    }

    @Test
    void whatIsNoSignatureAtAllIsAForgeryToo() {
        var signature = new WebhookSignature(List.of(ED.getPublic(), RSA.getPublic()), Optional.of(RSA_END));

        for (var nonsense : List.of("x", "====", "AA", "AA==", "A".repeat(100_000), "%%%")) {
            assertThat(judged(signature, headers(ED25519_HEADER, nonsense), body, NOW))
                    .isEqualTo(Verdict.FORGED);
            assertThat(judged(signature, headers(RSA_HEADER, nonsense), body, NOW))
                    .isEqualTo(Verdict.FORGED);
        }
    }

    @Test
    void noneIsNoneWhateverStandsForIt() {
        var signature = new WebhookSignature(List.of(ED.getPublic()), Optional.of(RSA_END));

        for (var none : List.of("N/A", "n/a", " N/A ", "", "  ")) {
            assertThat(judged(signature, headers(ED25519_HEADER, none).add(RSA_HEADER, none), body, NOW))
                    .isEqualTo(Verdict.UNSIGNED);
        }
        assertThat(judged(signature, MultiMap.caseInsensitiveMultiMap(), body, NOW))
                .isEqualTo(Verdict.UNSIGNED);
    }

    @Test
    void anRsaSignatureCountsUntilItsEndAndOnlyWhereThereIsNoNewerOne() {
        var signature = new WebhookSignature(List.of(ED.getPublic(), RSA.getPublic()), Optional.of(RSA_END));
        var old = text(sign("SHA256withRSA", RSA.getPrivate()));

        assertThat(judged(signature, headers(RSA_HEADER, old), body, NOW)).isEqualTo(Verdict.GENUINE);
        assertThat(judged(signature, headers(RSA_HEADER, old).add(ED25519_HEADER, "N/A"), body, NOW))
                .isEqualTo(Verdict.GENUINE);
        assertThat(judged(signature, headers(RSA_HEADER, old).add(ED25519_HEADER, "AAAA"), body, NOW))
                .isEqualTo(Verdict.FORGED);
        assertThat(judged(signature, headers(RSA_HEADER, old), body, RSA_END)).isEqualTo(Verdict.OUTDATED);
        assertThat(judged(
                        new WebhookSignature(List.of(RSA.getPublic()), Optional.empty()),
                        headers(RSA_HEADER, old),
                        body,
                        NOW))
                .isEqualTo(Verdict.OUTDATED);
    }

    @Test
    void anyOfSeveralKeysWillDo() {
        List<PublicKey> keys = List.of(pair("Ed25519").getPublic(), ED.getPublic());

        assertThat(judged(
                        new WebhookSignature(keys, Optional.empty()),
                        headers(ED25519_HEADER, text(sign("Ed25519", ED.getPrivate()))),
                        body,
                        NOW))
                .isEqualTo(Verdict.GENUINE);
    }

    @Test
    void twoSignaturesOfOneKindAreAForgery() {
        var good = text(sign("Ed25519", ED.getPrivate()));

        assertThat(judged(
                        new WebhookSignature(List.of(ED.getPublic()), Optional.empty()),
                        headers(ED25519_HEADER, good).add(ED25519_HEADER, good),
                        body,
                        NOW))
                .isEqualTo(Verdict.FORGED);
    }

    @Test
    void whatNoBodyWouldMakeGenuineIsKnownByItsHeaders() {
        var signature = new WebhookSignature(List.of(ED.getPublic(), RSA.getPublic()), Optional.of(RSA_END));

        assertThat(signature.claim(headers(ED25519_HEADER, "AAAA"), NOW).worth())
                .isEqualTo(Verdict.FORGED);
        assertThat(signature.claim(headers(RSA_HEADER, "AAAA"), NOW).worth()).isEqualTo(Verdict.FORGED);
        assertThat(signature.claim(headers(RSA_HEADER, "AAAA"), RSA_END).worth())
                .isEqualTo(Verdict.OUTDATED);
        assertThat(signature.claim(headers(ED25519_HEADER, "N/A"), NOW).worth()).isEqualTo(Verdict.UNSIGNED);
        assertThat(signature
                        .claim(headers(ED25519_HEADER, text(sign("Ed25519", ED.getPrivate()))), NOW)
                        .worth())
                .as("for the body to decide")
                .isEqualTo(Verdict.GENUINE);
    }

    private static Verdict judged(WebhookSignature signature, MultiMap headers, byte[] body, Instant now) {
        return signature.verify(signature.claim(headers, now), body);
    }

    private byte[] sign(String algorithm, PrivateKey key) {
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(body);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }

    private static String text(byte[] signature) {
        return Base64.getEncoder().encodeToString(signature);
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        var copy = bytes.clone();
        copy[bit / 8] ^= (byte) (1 << bit % 8);
        return copy;
    }

    private static KeyPair pair(String algorithm) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
