package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators' door: a key that only shows, and a record of all that was changed. */
class AuditedDoorTest {

    private static final String READ_KEY = "reader-of-all-0f31";

    private @TempDir Path directory;

    private Plan plan() {
        return new Plan().set("admin.read-key", READ_KEY).set("admin.audit", audit().toString());
    }

    private Path audit() {
        return directory.resolve("logs").resolve("audit.log");
    }

    @Test
    void theReadKeyShowsAndChangesNothing() {
        try (var bed = TestBed.start(plan())) {
            assertThat(send(bed, READ_KEY, "GET", "/budgets").statusCode()).isEqualTo(200);
            var refused = send(bed, READ_KEY, "POST", "/egress/pause");

            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("this key (admin.read-key) only shows", "admin.key");
            assertThat(send(bed, Plan.ADMIN_KEY, "GET", "/egress").body()).contains("\"held-ms\":0");
            assertThat(send(bed, Plan.KEY, "GET", "/budgets").statusCode()).isEqualTo(401);
            assertThat(bed.send(bed.stranger("/contacts/").header("X-Gateway-Key", READ_KEY))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void everyChangeIsWrittenDownInAChainBeforeItIsMade() throws Exception {
        try (var bed = TestBed.start(plan())) {
            send(bed, Plan.ADMIN_KEY, "GET", "/egress");
            send(bed, Plan.ADMIN_KEY, "POST", "/egress/pause");
            send(bed, READ_KEY, "POST", "/egress/resume");
            send(bed, Plan.ADMIN_KEY, "POST", "/budgets/nobody/nothing/pause?x=1");
        }
        try (var bed = TestBed.start(plan())) {
            send(bed, Plan.ADMIN_KEY, "POST", "/egress/resume");
        }

        var lines = Files.readAllLines(audit());
        assertThat(lines).hasSize(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(audit())))
                .isEqualTo("rw-------");
        assertThat(lines.stream().map(line -> new JsonObject(line).getString("did")))
                .containsExactly(
                        "POST /admin/v1/egress/pause",
                        "POST /admin/v1/budgets/nobody/nothing/pause",
                        "POST /admin/v1/egress/resume");
        assertThat(new JsonObject(lines.get(0)).getString("by")).isEqualTo("admin-key");
        assertThat(new JsonObject(lines.get(0)).getString("from")).isEqualTo("127.0.0.1");
        assertChained(lines);
        assertThat(String.join("", lines)).doesNotContain(Plan.ADMIN_KEY);
    }

    private static void assertChained(List<String> lines) throws Exception {
        var before = "none";
        for (var written : lines) {
            var line = new JsonObject(written);
            var hash = (String) line.remove("hash");
            assertThat(line.getString("prev")).isEqualTo(before);
            assertThat(hash)
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(line.encode().getBytes())));
            before = hash;
        }
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() throws IOException {
        Files.createDirectories(audit().getParent());
        Files.createSymbolicLink(audit(), Path.of("/dev/full"));
        try (var bed = TestBed.start(plan())) {
            var refused = send(bed, Plan.ADMIN_KEY, "POST", "/egress/pause");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body())
                    .contains("the audit log (admin.audit) cannot be written, so nothing was changed");
            assertThat(send(bed, Plan.ADMIN_KEY, "GET", "/egress").body()).contains("\"held-ms\":0");
        }
    }

    private static HttpResponse<String> send(TestBed bed, String key, String method, String path) {
        return bed.send(bed.operators("/admin/v1" + path)
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.noBody()));
    }
}
