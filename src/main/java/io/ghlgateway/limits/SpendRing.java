package io.ghlgateway.limits;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of fixed size with the last grants of one process: who, when, how many; the oldest are overwritten. Any thread
 * may append.
 */
final class SpendRing implements AutoCloseable {
    /*
     * Header, 64 bytes: magic, version, number of slots. Then the slots, 16 bytes each, big endian: the key's hash, then
     * 48 bits of epoch milliseconds and 16 bits of count; a slot never written is zero.
     *
     * The file is mapped, so an append is two stores to memory and no system call. Once stored it belongs to the kernel's
     * page cache: a process that is killed, however rudely, loses nothing. When the machine itself crashes the last
     * seconds may be missing. The hash is stored first and the time released after it, so a slot caught half-written
     * carries the old, overwritten time: as good as unwritten, since its grant was never handed out.
     */

    private static final long MAGIC = 0x47484C5350454E44L; // "GHLSPEND"
    private static final int VERSION = 1;
    private static final int SLOTS = 1 << 18;
    private static final int HEADER = 64;
    private static final int SLOT = 16;
    private static final int MAX_COUNT = 0xffff;
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MappedByteBuffer map;
    private final AtomicLong next;

    /** Lives as long as its channel is reachable. */
    private final FileLock lock;

    private SpendRing(MappedByteBuffer map, FileLock lock, long next) {
        this.map = map;
        this.lock = lock;
        this.next = new AtomicLong(next);
    }

    /** What a file holds. */
    enum Content {
        EMPTY,
        RING,
        UNKNOWN
    }

    /** Receives what {@link #read} finds. */
    interface Reader {
        void grant(int slot, long hash, long epochMillis, int count);
    }

    /** Shows each written slot of a file, where it is a ring; tells whether it was. */
    static Content read(Path file, Reader reader) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var content = content(channel);
            if (content == Content.RING) {
                scan(channel, reader);
            }
            return content;
        }
    }

    private static Content content(FileChannel channel) throws IOException {
        if (channel.size() == 0) {
            return Content.EMPTY;
        }
        var header = ByteBuffer.allocate(HEADER);
        while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {}
        header.flip();
        boolean ours = header.remaining() == HEADER
                && header.getLong() == MAGIC
                && header.getInt() == VERSION
                && header.getInt() == SLOTS
                && channel.size() == size();
        return ours ? Content.RING : Content.UNKNOWN;
    }

    private static void scan(FileChannel channel, Reader reader) throws IOException {
        var map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size());
        for (int slot = 0; slot < SLOTS; slot++) {
            long when = map.getLong(HEADER + slot * SLOT + Long.BYTES);
            if (when != 0) {
                reader.grant(slot, map.getLong(HEADER + slot * SLOT), when >>> 16, (int) when & MAX_COUNT);
            }
        }
    }

    /** Opens the ring for appending after its newest record, or not at all while another process has it. */
    static Optional<SpendRing> lock(Path file) throws IOException {
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        // All through this channel: closing another one of the same file would give up the lock, as POSIX has it.
        if (content(channel) == Content.UNKNOWN) {
            // Not ours to destroy; and only now, under the lock, surely not one that another process is just making.
            Files.move(file, file.resolveSibling(file.getFileName() + ".bad"), StandardCopyOption.REPLACE_EXISTING);
            channel.close();
            return lock(file);
        }
        if (channel.size() == 0) {
            create(channel);
        }
        var newest = new long[] {0, -1}; // time, slot
        scan(channel, (slot, hash, millis, count) -> {
            if (millis >= newest[0]) {
                newest[0] = millis;
                newest[1] = slot;
            }
        });
        return Optional.of(new SpendRing(channel.map(FileChannel.MapMode.READ_WRITE, 0, size()), lock, newest[1] + 1));
    }

    /** Written out rather than left sparse: a store into a hole of a full disk would kill the process. */
    private static void create(FileChannel channel) throws IOException {
        var blank = ByteBuffer.allocate(1 << 16);
        for (long at = HEADER; at < size(); ) {
            blank.clear().limit((int) Math.min(blank.capacity(), size() - at));
            at += channel.write(blank, at);
        }
        var header = ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(VERSION).putInt(SLOTS);
        channel.write(header.clear(), 0);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException alreadyOurs) {
            return null;
        }
    }

    void append(long hash, long epochMillis, int count) {
        for (int left = count; left > 0; left -= MAX_COUNT) {
            int at = HEADER + (int) (next.getAndIncrement() & (SLOTS - 1)) * SLOT;
            LONGS.set(map, at, hash);
            LONGS.setRelease(map, at + Long.BYTES, epochMillis << 16 | Math.min(left, MAX_COUNT));
        }
    }

    /** Leaves the file to the next process; the end of this one does the same. */
    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }

    static int slots() {
        return SLOTS;
    }

    private static long size() {
        return HEADER + (long) SLOTS * SLOT;
    }
}
