package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

    private @TempDir Path directory;

    private Path file() {
        return directory.resolve("audit.log");
    }

    private AuditLog log() {
        return new AuditLog(Optional.of(file()), () -> Instant.EPOCH);
    }

    /** Whatever a crash cut off, or somebody else wrote, and however often. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"line\":2,\"ti",
                "{\"line\":2,\"ti\n{\"line\":2",
                "somebody was here\n",
                "{\"line\":\"2\",\"hash\":7}\n{}\n\n"
            })
    void theChainGoesOnAfterTheLastWholeLine(String rest) throws IOException {
        log().write("admin-key", "127.0.0.1", "POST /a");
        var first = new JsonObject(Files.readString(file()));
        Files.writeString(file(), rest, StandardOpenOption.APPEND);

        log().write("admin-key", "127.0.0.1", "POST /b");

        var lines = Files.readAllLines(file());
        var second = new JsonObject(lines.get(lines.size() - 1));
        assertThat(second.getString("prev")).isEqualTo(first.getString("hash"));
        assertThat(second.getLong("line")).isEqualTo(2);
        assertThat(Files.readString(file())).contains(rest);
    }

    @Test
    void aFileOfAnotherKindBeginsAChainAfterIt() throws IOException {
        Files.writeString(file(), "notes\n");

        log().write("admin-key", "127.0.0.1", "POST /a");

        var lines = Files.readAllLines(file());
        assertThat(lines.get(0)).isEqualTo("notes");
        assertThat(new JsonObject(lines.get(1)).getString("prev")).isEqualTo("none");
    }

    /** Whether it can be taken back or not: the chain goes on after what was forced. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatCouldNotBeForcedIsNoPartOfTheChain(boolean stays) throws IOException {
        var disk = new FailingDisk();
        var log = new AuditLog(Optional.of(file()), () -> Instant.EPOCH, path -> new FailingChannel(path, disk));
        log.write("admin-key", "127.0.0.1", "POST /a");
        var before = Files.readString(file());

        disk.forces = false;
        disk.truncates = !stays;
        assertThatThrownBy(() -> log.write("admin-key", "127.0.0.1", "POST /b")).isInstanceOf(IOException.class);
        assertThat(Files.readString(file()).equals(before)).isEqualTo(!stays);
        disk.forces = true;
        log.write("admin-key", "127.0.0.1", "POST /c");

        var lines = Files.readAllLines(file());
        var last = new JsonObject(lines.get(lines.size() - 1));
        assertThat(last.getString("did")).isEqualTo("POST /c");
        assertThat(last.getString("prev")).isEqualTo(new JsonObject(lines.get(lines.size() - 2)).getString("hash"));
        assertThat(lines).hasSize(stays ? 3 : 2);
    }

    private static final class FailingDisk {
        private boolean forces = true;
        private boolean truncates = true;
    }

    /** A file's, of which some of what is used here fails when the disk does. */
    private static final class FailingChannel extends FileChannel {

        private final FileChannel file;
        private final FailingDisk disk;

        FailingChannel(Path path, FailingDisk disk) throws IOException {
            this.file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.disk = disk;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (!disk.forces) {
                throw new IOException("not forced");
            }
            file.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            if (!disk.truncates) {
                throw new IOException("not truncated");
            }
            return file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return file.read(bytes, position);
        }

        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
            return file.write(bytes, position);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] all, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] all, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
