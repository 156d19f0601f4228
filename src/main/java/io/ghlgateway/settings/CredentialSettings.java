package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How installations' tokens are kept and used.
 *
 * @param journal directory of the log of renewals, and of the tokens themselves while there is no Redis; empty: none
 * @param encryptionKey the keyset they are encrypted with; always there where an app is configured
 * @param enforceScopes whether an operation is refused for a scope that its installation lacks
 */
public record CredentialSettings(Optional<Path> journal, Optional<Secret> encryptionKey, boolean enforceScopes) {

    private static final Path DIRECTORY = Path.of("data");

    public static final CredentialSettings DEFAULTS =
            new CredentialSettings(Optional.of(Path.of("./data")), Optional.empty(), false);

    /** Where what cannot be without a file is kept: the journal's directory or, where there is none, {@code data}. */
    public Path directory() {
        return journal.orElse(DIRECTORY);
    }
}
