package io.ghlgateway.credentials;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.ghlgateway.tenancy.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Keysets as text: Tink's JSON in base64url without padding, so that one fits into a variable or a one-line file. */
final class Keysets {

    private Keysets() {}

    /** @throws IllegalArgumentException when it is none; without a cause, which might quote the keys */
    static KeysetHandle read(Secret keyset) {
        register();
        try {
            var json = new String(Base64.getUrlDecoder().decode(keyset.reveal().strip()), StandardCharsets.UTF_8);
            return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("not a keyset: it is one line of letters, digits, '-' and '_', as the"
                    + " command that makes one prints it");
        }
    }

    static Secret made() {
        register();
        try {
            return text(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key could be made", e);
        }
    }

    static Secret rotated(Secret keyset) {
        var old = read(keyset);
        try {
            var made = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()
                    .setStatus(KeyStatus.ENABLED)
                    .makePrimary();
            return text(KeysetHandle.newBuilder(old).addEntry(made).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key could be added", e);
        }
    }

    private static Secret text(KeysetHandle keys) throws GeneralSecurityException {
        var json = TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get());
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** May be done again and again. */
    private static void register() {
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink cannot be set up", e);
        }
    }
}
