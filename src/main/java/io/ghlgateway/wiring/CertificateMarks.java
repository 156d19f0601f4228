package io.ghlgateway.wiring;

import io.ghlgateway.http.TlsFiles;
import io.ghlgateway.settings.TlsSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the doors' certificate files held at one time.
 *
 * @param byDoor digests; nothing where they could not be read
 */
record CertificateMarks(Map<String, byte[]> byDoor) {

    /** Before they were read. */
    static final CertificateMarks NONE = new CertificateMarks(Map.of());

    /** Reads them. */
    static CertificateMarks of(TlsSettings tls) {
        var marks = new LinkedHashMap<String, byte[]>();
        mark(marks, "proxy.tls", tls.proxy());
        mark(marks, "admin.tls", tls.admin());
        mark(marks, "public.tls", tls.publicDoor());
        return new CertificateMarks(marks);
    }

    private static void mark(Map<String, byte[]> marks, String door, Optional<TlsFiles> files) {
        files.ifPresent(there -> {
            try {
                marks.put(door, there.digest());
            } catch (IOException gone) {
                marks.put(door, new byte[0]);
            }
        });
    }

    List<String> changedSince(CertificateMarks before) {
        return byDoor.entrySet().stream()
                .filter(door -> !Arrays.equals(door.getValue(), before.byDoor().get(door.getKey())))
                .map(door -> door.getKey() + ": its files hold something else, which new connections get")
                .toList();
    }
}
