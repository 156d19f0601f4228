package io.ghlgateway.admin;

import io.ghlgateway.digest.Sha256;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators changed, told before it is done: a line of the log each and, where there is a file, one there, forced to
 * the disk. Each line of the file holds the hash of the line before ({@code prev}) and its own ({@code hash}: the SHA-256 of
 * the line without it), so that none can be changed or taken out unseen. Blocks; any thread.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final String FIRST = "none";
    private static final int LONGEST_LINE = 16 * 1024;

    /** How its file is opened, for reading and for writing; made where it is not there. */
    interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private final Optional<Path> file;
    private final InstantSource clock;
    private final Opening opening;
    /** Guarded by this, as is all below. Null until the file is opened, and where there is none. */
    private @Nullable FileChannel channel;

    private String last = FIRST;
    private long lines;

    /** @param file empty where the log is enough */
    public AuditLog(Optional<Path> file, InstantSource clock) {
        this(file, clock, AuditLog::opened);
    }

    AuditLog(Optional<Path> file, InstantSource clock, Opening opening) {
        this.file = file;
        this.clock = clock;
        this.opening = opening;
    }

    private static FileChannel opened(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Goes on where the file ends; makes it if it is not there. */
    synchronized Void open() throws IOException {
        if (file.isPresent() && channel == null) {
            var path = file.get().toAbsolutePath();
            Files.createDirectories(Objects.requireNonNull(path.getParent(), "a file is in a directory"));
            channel = opening.open(path);
            resume();
        }
        return null;
    }

    private void resume() throws IOException {
        long from = Math.max(0, channel.size() - LONGEST_LINE);
        var tail = ByteBuffer.allocate((int) (channel.size() - from));
        while (tail.hasRemaining() && channel.read(tail, from + tail.position()) >= 0) {
            // until it is whole
        }
        var text = new String(tail.array(), StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            append("\n"); // a crash cut the last line: it stands as it is, and the next says what it follows
        }
        var all = text.split("\n");
        for (int i = all.length - 1; i >= 0; i--) {
            if (goesOnAfter(all[i])) {
                return;
            }
        }
        if (!text.isBlank()) {
            LOG.warn("{}: it does not end with lines of an audit log; a new chain begins", file.get());
        }
    }

    /** Whether this is a whole line of ours: others were cut by a crash, or are somebody else's, and stand as they are. */
    private boolean goesOnAfter(String text) {
        try {
            var line = new JsonObject(text);
            if (line.getString("hash") == null || line.getLong("line") == null) {
                return false;
            }
            last = line.getString("hash");
            lines = line.getLong("line");
            return true;
        } catch (DecodeException | ClassCastException foreign) {
            return false;
        }
    }

    /**
     * Before what is done; where this fails, it is not to be done.
     *
     * @param by which key
     * @param from the address that it was asked from
     * @param did method and path
     */
    synchronized Void write(String by, String from, String did) throws IOException {
        var what = Secret.blotted(did);
        LOG.info("by={} from={} did={}", by, from, what);
        if (file.isPresent()) {
            open();
            var line = new JsonObject()
                    .put("line", lines + 1)
                    .put("time", clock.instant().toString())
                    .put("by", by)
                    .put("from", from)
                    .put("did", what)
                    .put("prev", last);
            var hash = hash(line);
            append(line.put("hash", hash).encode() + "\n");
            last = hash;
            lines++;
        }
        return null;
    }

    /** All of it, forced to the disk, or nothing: what may not be there after a power cut is not left there before it. */
    private void append(String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        long before = channel.size();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, before + bytes.position());
            }
            channel.force(false);
        } catch (IOException half) {
            takeBack(before, half);
            throw half;
        }
    }

    /** Where that fails too, the next line is preceded by another look at where the file ends. */
    private void takeBack(long before, IOException why) {
        try {
            channel.truncate(before);
        } catch (IOException stays) {
            why.addSuppressed(stays);
            closeQuietly();
        }
    }

    private void closeQuietly() {
        var broken = channel;
        channel = null;
        try {
            broken.close();
        } catch (IOException gone) {
            LOG.warn("{} could not be closed", file.get(), gone);
        }
    }

    static String hash(JsonObject line) {
        return HexFormat.of().formatHex(Sha256.of(line.encode()));
    }
}
