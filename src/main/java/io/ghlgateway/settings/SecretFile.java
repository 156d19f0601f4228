package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** A secret kept in a file of its own, as Docker and Kubernetes hand it over; the blanks around it do not count. */
final class SecretFile {

    private static final int LARGEST = 64 << 10;

    private SecretFile() {}

    /** @return empty when it can't be had, which is then reported at the entry that names the file */
    static Optional<Secret> read(Entry name, Kind<Secret> kind) {
        return name.path().flatMap(path -> {
            name.file().secretFile(path);
            return read(name, path, kind);
        });
    }

    private static Optional<Secret> read(Entry name, Path path, Kind<Secret> kind) {
        try {
            if (!Files.isRegularFile(path)) {
                name.problem(path + " is " + (Files.exists(path) ? "no regular file" : "not there"));
                return Optional.empty();
            }
            Optional<Secret> secret = kind.reader().apply(text(path).strip());
            if (secret.isEmpty()) {
                name.problem(path + " must hold " + kind.description());
            }
            warnIfWorldReadable(name, path);
            return secret;
        } catch (IOException e) {
            name.problem("cannot read " + path + ": " + why(e));
            return Optional.empty();
        }
    }

    private static String text(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("it is longer than " + Units.SIZE.format(LARGEST));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private static void warnIfWorldReadable(Entry name, Path path) throws IOException {
        try {
            if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
                name.warning(path + " can be read by every user of this machine");
            }
        } catch (UnsupportedOperationException noPosix) {
            // Windows guards its files otherwise
        }
    }

    /** The JDK's own text is often the bare path. */
    static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        return String.valueOf(e.getMessage());
    }
}
