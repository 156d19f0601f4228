package io.ghlgateway.settings;

import static io.ghlgateway.settings.SettingsLoaderTest.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

    @TempDir
    Path directory;

    private Path token;

    @BeforeEach
    void nameTheFile() {
        token = directory.resolve("token");
    }

    @Test
    void givesItsContentWithoutTheBlanksAround() throws IOException {
        Files.writeString(token, "\n pit-1\r\n");

        var settings = ready(load("token")).settings();

        assertThat(settings.tenants().get(0).token()).contains(Secret.of("pit-1"));
    }

    @Test
    void isFilledInByNoVariable() throws IOException {
        Files.writeString(token, "${NAME}");

        var settings = ready(load(token.toString())).settings();

        assertThat(settings.tenants().get(0).token()).contains(Secret.of("${NAME}"));
    }

    @Test
    void isReportedByItsPathWhenItIsNotThere() {
        assertThat(problems("token")).containsExactly(at() + token + " is not there");
    }

    @Test
    void isReportedWhenItIsADirectory() {
        assertThat(problems(directory.toString())).containsExactly(at() + directory + " is no regular file");
    }

    @Test
    void isReportedWhenItHoldsNoSecret() throws IOException {
        for (String content : List.of("", "\n", "s3cr3t s3cr3t", "s3cr3t\u0007")) {
            Files.writeString(token, content);

            assertThat(problems("token"))
                    .containsExactly(at() + token + " must hold visible ASCII characters, without blanks");
        }
    }

    @Test
    void isReportedWhenItIsNoText() throws IOException {
        Files.write(token, new byte[] {(byte) 0xff, 0});

        assertThat(problems("token")).containsExactly(at() + "cannot read " + token + ": it is not UTF-8 text");
    }

    @Test
    void isNotReadWithoutEnd() throws IOException {
        Files.write(token, new byte[70_000]);

        assertThat(problems("token")).containsExactly(at() + "cannot read " + token + ": it is longer than 64KiB");
    }

    @Test
    void isWarnedOfWhenEveryUserCanReadIt() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.writeString(token, "pit-1");

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        var open = load("token").warnings();
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        var closed = load("token").warnings();

        assertThat(open).containsExactly(at() + token + " can be read by every user of this machine");
        assertThat(closed).isEmpty();
    }

    private String at() {
        return directory.resolve("gateway.yaml") + ":1: tenants[0].token-file: ";
    }

    private List<String> problems(String file) {
        return ((Loaded.Refused) load(file)).problems();
    }

    private Loaded load(String file) {
        var text = "tenants: [{id: acme, location: loc1, token-file: '" + file + "'}]\n"
                + "callers: [{name: billing, key: k, tenants: acme}]\n";
        return SettingsLoader.parse(directory.resolve("gateway.yaml"), text, Map.of("NAME", "pit-2"));
    }
}
