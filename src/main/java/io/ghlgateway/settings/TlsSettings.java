package io.ghlgateway.settings;

import io.ghlgateway.http.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is spoken over TLS; each empty: without it, or, of the upstream, with whom Java trusts.
 *
 * @param upstreamCa certificates that HighLevel's must be signed by, in PEM
 */
public record TlsSettings(
        Optional<TlsFiles> proxy, Optional<TlsFiles> publicDoor, Optional<TlsFiles> admin, Optional<Path> upstreamCa) {

    public static final TlsSettings NONE =
            new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
