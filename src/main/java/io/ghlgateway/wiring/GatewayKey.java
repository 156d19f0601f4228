package io.ghlgateway.wiring;

import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * A caller's key of the gateway's own making: {@code gw_<id>_<256 bit>}. The id is no secret and tells keys apart; the
 * rest is random, so that its plain SHA-256 is enough to keep.
 */
public record GatewayKey(String id, Secret secret) {

    private static final int ID_BYTES = 4;
    private static final int SECRET_BYTES = 32;

    public static GatewayKey make(SecureRandom random) {
        var id = new byte[ID_BYTES];
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        var name = HexFormat.of().formatHex(id);
        return new GatewayKey(
                name,
                Secret.of("gw_" + name + "_"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
    }

    /** What stands in the configuration as {@code key-hash}. */
    public String hash() {
        return HexFormat.of().formatHex(KeyHash.of(secret).bytes());
    }

    /** The key that an earlier start left in this file, if one did. */
    public static Optional<Secret> kept(Path file) throws IOException {
        return Files.isReadable(file)
                ? Optional.of(Files.readString(file).strip())
                        .filter(text -> !text.isEmpty())
                        .map(Secret::of)
                : Optional.empty();
    }

    /**
     * Shows the key once: on a terminal in plain, else in a file that only its owner reads, for what is printed
     * elsewhere ends in logs.
     *
     * @param file where to, when there is no terminal; replaced if it is there
     * @return the line to print
     */
    public String shown(boolean terminal, Path file) throws IOException {
        if (terminal) {
            return "gateway key: " + secret.reveal();
        }
        Files.deleteIfExists(file);
        var directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)) {
            channel.write(ByteBuffer.wrap((secret.reveal() + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
        return "gateway key: written to " + file.toAbsolutePath();
    }
}
