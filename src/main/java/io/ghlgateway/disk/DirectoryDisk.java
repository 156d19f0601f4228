package io.ghlgateway.disk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A directory of the file system. It, and what is made in it, is its owner's alone to read. */
public final class DirectoryDisk implements Disk {

    private static final int BUFFER = 1 << 16;
    private static final FileAttribute<?> OWNERS_FILE = permissions("rw-------");
    private static final FileAttribute<?> OWNERS_DIRECTORY = permissions("rwx------");

    /**
     * Channels that did not get the lock because this process has it: closing one would give it up (POSIX), and one that
     * nobody knows any more is closed when it is collected.
     */
    private static final Queue<FileChannel> LEFT_OPEN = new ConcurrentLinkedQueue<>();

    private final Path directory;

    /** Held as long as its channel is open. */
    private final FileLock lock;

    private DirectoryDisk(Path directory, FileLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be and takes it for oneself, as far as {@code purpose} goes.
     *
     * @throws IOException when another process has it, or it cannot be used; its message names the directory
     */
    public static DirectoryDisk lock(Path directory, String purpose) throws IOException {
        var absolute = directory.toAbsolutePath();
        try {
            Files.createDirectories(absolute, OWNERS_DIRECTORY);
            var channel = open(absolute.resolve(purpose + ".lock"));
            var lock = tryLock(channel);
            if (lock == null) {
                throw new IOException(
                        "another gateway has its " + purpose + " there; each needs a directory of its own");
            }
            return new DirectoryDisk(absolute, lock);
        } catch (IOException e) {
            throw new IOException("cannot keep " + purpose + " in " + absolute + ": " + reason(e), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close(); // another process has it
            }
            return lock;
        } catch (OverlappingFileLockException ourOwn) {
            LEFT_OPEN.add(channel);
            return null;
        }
    }

    /** A file system error's message is often nothing but the path. */
    private static String reason(IOException e) {
        return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
    }

    /** What makes this place less durable than it looks. */
    public List<String> weaknesses() {
        String type;
        try {
            type = Files.getFileStore(directory).type();
        } catch (IOException e) {
            return List.of("cannot tell what kind of file system " + directory + " is on: " + e);
        }
        if (type.equals("tmpfs") || type.equals("ramfs")) {
            return List.of(directory + " is on " + type + ", which a restart of the machine or the container empties; a"
                    + " volume on a disk is better");
        }
        if (type.equals("overlay")) {
            return List.of(directory + " is in the container's own layer (overlay), which goes when the container is"
                    + " replaced; a volume is better");
        }
        return List.of();
    }

    @Override
    public String pathOf(String file) {
        return directory.resolve(file).toString();
    }

    @Override
    public boolean exists(String file) {
        return Files.exists(directory.resolve(file));
    }

    @Override
    public InputStream read(String file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(directory.resolve(file)), BUFFER);
    }

    @Override
    public Output write(String file) throws IOException {
        return new OpenFile(open(directory.resolve(file)));
    }

    @Override
    public void delete(String file) throws IOException {
        Files.deleteIfExists(directory.resolve(file));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void forceNames() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNERS_FILE);
    }

    private static FileAttribute<?> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    private record OpenFile(FileChannel channel) implements Output {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            for (long next = at; bytes.hasRemaining(); ) {
                next += channel.write(bytes, next);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
