package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Whether HighLevel signed a webhook. It signs the raw body, and sends the signature in base64: {@code X-GHL-Signature} is
 * of Ed25519, the older {@code X-WH-Signature} of RSA with SHA-256; the value {@code N/A} stands for none (HighLevel's
 * guide to webhooks). The newer one decides where it is there: an RSA signature beside one that is wrong helps nobody.
 * Immutable; any thread.
 */
public final class WebhookSignature {

    /** What the headers are worth. */
    public enum Verdict {
        GENUINE,
        /** There is no signature, or only {@code N/A}. */
        UNSIGNED,
        /** There is only an RSA signature, and those are no longer believed, or no key for them is configured. */
        OUTDATED,
        /** No key made the signature that decides. */
        FORGED
    }

    public static final String ED25519_HEADER = "X-GHL-Signature";
    public static final String RSA_HEADER = "X-WH-Signature";

    private static final String PUBLISHED = "webhook-keys.pem";
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", Pattern.DOTALL);
    /** An RSA signature of 8192 bit in base64; no real one is longer. */
    private static final int LONGEST = 1368;

    /** What stands before the 32 bytes of an Ed25519 key in its encoding (RFC 8410). */
    static final int KEY_PREFIX = 12;

    /** Bouncy Castle's: 0.1 ms of CPU for a body of 1 kB, where Tink's takes 0.25 to 0.5 and the JDK's 0.9. */
    private final List<Ed25519PublicKeyParameters> ed25519;

    private final List<RSAPublicKey> rsa;
    private final Optional<Instant> rsaUntil;

    /**
     * @param keys of either kind; several, so that one may follow another
     * @param rsaUntil when RSA signatures are believed no more; empty: they never are
     */
    public WebhookSignature(Collection<PublicKey> keys, Optional<Instant> rsaUntil) {
        this.ed25519 = keys.stream()
                .filter(key -> !(key instanceof RSAPublicKey))
                .map(key -> new Ed25519PublicKeyParameters(key.getEncoded(), KEY_PREFIX))
                .toList();
        this.rsa = keys.stream()
                .filter(RSAPublicKey.class::isInstance)
                .map(RSAPublicKey.class::cast)
                .toList();
        this.rsaUntil = rsaUntil;
    }

    /** HighLevel's own keys, as it publishes them. */
    public static List<PublicKey> published() {
        return PEM.matcher(Shipped.text(PUBLISHED))
                .results()
                .map(found -> PemPublicKey.read(found.group()).orElseThrow())
                .toList();
    }

    /**
     * What the headers say, before there is a body.
     *
     * @param worth {@link Verdict#GENUINE} where the body decides, else why no body would do
     * @param signature in bytes; empty where no body would do
     * @param isRsa of the older kind
     */
    public record Claim(Verdict worth, byte[] signature, boolean isRsa) {

        private static Claim not(Verdict worth) {
            return new Claim(worth, new byte[0], false);
        }
    }

    /** What can be told without a body: no stranger's is read who does not even pretend to be HighLevel. */
    public Claim claim(MultiMap headers, Instant now) {
        var newer = there(headers, ED25519_HEADER);
        if (!newer.isEmpty()) {
            return claim(newer, false);
        }
        var older = there(headers, RSA_HEADER);
        if (older.isEmpty()) {
            return Claim.not(Verdict.UNSIGNED);
        }
        boolean believed = !rsa.isEmpty() && rsaUntil.filter(now::isBefore).isPresent();
        return believed ? claim(older, true) : Claim.not(Verdict.OUTDATED);
    }

    private static List<String> there(MultiMap headers, String name) {
        return headers.getAll(name).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty() && !value.equalsIgnoreCase("N/A"))
                .toList();
    }

    /** HighLevel sends one signature; who sends several hopes that somebody else looks at another one. */
    private Claim claim(List<String> signatures, boolean isRsa) {
        var text = signatures.get(0);
        if (signatures.size() > 1 || text.length() > LONGEST) {
            return Claim.not(Verdict.FORGED);
        }
        try {
            var signature = Base64.getDecoder().decode(text);
            boolean fits = isRsa
                    ? rsa.stream().anyMatch(key -> (key.getModulus().bitLength() + 7) / 8 == signature.length)
                    : signature.length == Ed25519.SIGNATURE_SIZE;
            return fits ? new Claim(Verdict.GENUINE, signature, isRsa) : Claim.not(Verdict.FORGED);
        } catch (IllegalArgumentException notBase64) {
            return Claim.not(Verdict.FORGED);
        }
    }

    /**
     * Takes 0.1 ms and more, so off the event loops.
     *
     * @param body as it came, before anything was made of it
     */
    public Verdict verify(Claim claim, byte[] body) {
        if (claim.worth() != Verdict.GENUINE) {
            return claim.worth();
        }
        boolean signed = claim.isRsa()
                ? rsa.stream().anyMatch(key -> verifies(key, claim.signature(), body))
                : ed25519.stream().anyMatch(key -> verifies(key, claim.signature(), body));
        return signed ? Verdict.GENUINE : Verdict.FORGED;
    }

    private static boolean verifies(Ed25519PublicKeyParameters key, byte[] signature, byte[] body) {
        return key.verify(Ed25519.Algorithm.Ed25519, null, body, 0, body.length, signature, 0);
    }

    private static boolean verifies(RSAPublicKey key, byte[] signature, byte[] body) {
        try {
            var check = Signature.getInstance("SHA256withRSA");
            check.initVerify(key);
            check.update(body);
            return check.verify(signature);
        } catch (GeneralSecurityException ofAnotherShape) {
            return false;
        }
    }
}
