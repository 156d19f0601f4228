package io.ghlgateway.settings;

import io.ghlgateway.http.TlsFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads what the doors' sections say of TLS, and tries the files that they name. */
final class TlsReader {

    private final Map<String, TlsFiles> doors = new HashMap<>();
    private Optional<Path> upstreamCa = Optional.empty();

    /** Reads a door's section with {@code rest}, and its {@code tls} besides. */
    <T> Function<Section, T> door(String door, Function<Section, T> rest) {
        return section -> {
            section.optional("tls", tls -> files(tls, door.equals("proxy"))).ifPresent(files -> doors.put(door, files));
            return rest.apply(section);
        };
    }

    <T> Function<Section, T> upstream(Function<Section, T> rest) {
        return section -> {
            upstreamCa = section.file("ca");
            upstreamCa.flatMap(TlsFiles::problemOf).ifPresent(what -> section.problem("ca", what));
            return rest.apply(section);
        };
    }

    TlsSettings settings() {
        return new TlsSettings(
                Optional.ofNullable(doors.get("proxy")),
                Optional.ofNullable(doors.get("public")),
                Optional.ofNullable(doors.get("admin")),
                upstreamCa);
    }

    private static Optional<TlsFiles> files(Section tls, boolean callers) {
        for (var key : new String[] {"certificate", "key"}) {
            if (!tls.has(key)) {
                tls.problem(key, "is missing: a file in PEM");
            }
        }
        var certificate = tls.file("certificate");
        var key = tls.file("key");
        Optional<Path> ca = callers ? tls.file("client-ca") : Optional.empty();
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        var files = new TlsFiles(certificate.get(), key.get(), ca);
        files.problem().ifPresent(what -> tls.problem("certificate", what));
        return Optional.of(files);
    }
}
