package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.Admin;
import io.ghlgateway.tenancy.KeyHash;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads who may see and change things at the operators' door. */
final class AdminReader {

    private AdminReader() {}

    static Admin read(Section s) {
        var admin = new Admin(
                s.read("host", Kind.HOST, Admin.DEFAULTS.host()),
                s.read("port", Kind.PORT, Admin.DEFAULTS.port()),
                s.secret("key", Kind.SECRET),
                s.secret("read-key", Kind.SECRET),
                s.read("audit", Kind.AUDIT_FILE, Optional.empty()),
                s.read("hash-ids", Kind.FLAG, Admin.DEFAULTS.hashIds()));
        if (admin.readKey().isPresent() && !s.hasSecret("key")) {
            s.problem("read-key", "needs key beside it: without one everything is shown to this machine anyway");
        } else if (admin.readKey().isPresent() && admin.readKey().equals(admin.key())) {
            s.problem("read-key", "is the same as key, and would only show what that may change");
        }
        if (!s.hasSecret("key") && !WebUrl.isLoopback(admin.host())) {
            s.warning("host", "without a key only /metrics and /health/* answer here; set admin.key");
        }
        return admin;
    }

    /** Whoever calls must not be an operator by that. */
    static void apart(Section root, Admin admin, List<CallerSettings> callers) {
        for (var caller : callers) {
            for (var key : caller.keys()) {
                if (Stream.of(admin.key(), admin.readKey())
                        .flatMap(Optional::stream)
                        .anyMatch(secret -> KeyHash.of(secret).equals(key.hash()))) {
                    root.problem("admin", "a key of it is that of caller '" + caller.name() + "' too");
                }
            }
        }
    }
}
