package io.ghlgateway.disk;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of entries to which whole batches are added, each on the disk when {@link #append} returns or not in the file at
 * all. After an error it is as it was before, and usable again as soon as the disk is. One thread at a time; blocks.
 */
public final class LogFile {
    /*
     * A header, then the batches: magic, length, CRC-32C of length and payload, payload; in the payload the entries, each
     * after its length. Never is more than one batch written that was not forced, and always at the end of the last good
     * one. So a power cut leaves whole batches and at most one broken at the end, which nobody was told was safe. A good
     * one *after* a broken one cannot come from that: something damaged what had been safe.
     */

    /** Of one entry: a webhook of the longest body that can be configured, and what is said of it. */
    static final int MOST_BYTES = 17 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final byte[] HEADER = "GHLLOG1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC = 0xb7e1f00d;
    private static final int FRAME = 3 * Integer.BYTES;
    private static final int MOST_PAYLOAD = 1 << 26;

    private final Disk disk;
    private final String name;
    private Disk.Output output;
    private long good;
    private boolean spoilt; // something may stand after the last good batch
    private boolean unnamed; // the file's name may not outlive a power cut yet

    private LogFile(Disk disk, String name, Disk.Output output, long good) {
        this.disk = disk;
        this.name = name;
        this.output = output;
        this.good = good;
    }

    /**
     * Shows each entry that is in the file, in order; then the file is ready for more.
     *
     * @throws IOException where the file cannot be used or was damaged; its message says where
     */
    static LogFile open(Disk disk, String name, Consumer<byte[]> each) throws IOException {
        if (!disk.exists(name)) {
            makeAnew(disk, name, List.of()).output().close();
        }
        var output = disk.write(name);
        try {
            long good = readAll(disk, name, output.size(), each);
            if (output.size() > good) {
                LOG.warn("{}: cut {} bytes that were never confirmed", disk.pathOf(name), output.size() - good);
                output.truncate(good);
            }
            output.force(); // a killed process may have left batches that only the page cache has
            disk.forceNames();
            return new LogFile(disk, name, output, good);
        } catch (IOException | RuntimeException e) {
            output.close();
            throw e;
        }
    }

    long length() {
        return good;
    }

    void append(List<byte[]> batch) throws IOException {
        mend();
        var frame = frame(batch);
        int length = frame.remaining();
        try {
            output.write(frame, good);
            output.force();
            good += length;
        } catch (IOException e) {
            spoilt = true;
            try {
                mend();
            } catch (IOException stillBroken) {
                e.addSuppressed(stillBroken);
            }
            throw e;
        }
    }

    /** Puts these in the place of all that is there. Where it fails the old stays, or else the new is there already. */
    void rewrite(Iterable<byte[]> entries) throws IOException {
        var made = makeAnew(disk, name, entries);
        var old = output;
        output = made.output();
        good = made.length();
        spoilt = false;
        unnamed = true;
        old.close();
        mend();
    }

    /** Nothing may be promised before this succeeded. */
    private void mend() throws IOException {
        if (unnamed) {
            disk.forceNames();
            unnamed = false;
        }
        if (spoilt) {
            output.truncate(good);
            spoilt = false;
        }
    }

    void close() throws IOException {
        output.close();
    }

    private record Made(Disk.Output output, long length) {}

    private static Made makeAnew(Disk disk, String name, Iterable<byte[]> entries) throws IOException {
        var draft = name + ".new";
        disk.delete(draft);
        var output = disk.write(draft);
        try {
            output.write(ByteBuffer.wrap(HEADER), 0);
            long at = HEADER.length;
            for (var entry : entries) {
                var frame = frame(List.of(entry));
                int length = frame.remaining();
                output.write(frame, at);
                at += length;
            }
            output.force();
            disk.rename(draft, name);
            return new Made(output, at);
        } catch (IOException | RuntimeException e) {
            try (output) {
                disk.delete(draft);
            } catch (IOException alsoBroken) {
                e.addSuppressed(alsoBroken);
            }
            throw e;
        }
    }

    private static ByteBuffer frame(List<byte[]> entries) {
        int payload =
                entries.stream().mapToInt(entry -> Integer.BYTES + entry.length).sum();
        var frame = ByteBuffer.allocate(FRAME + payload)
                .putInt(MAGIC)
                .putInt(payload)
                .putInt(0);
        entries.forEach(entry -> frame.putInt(entry.length).put(entry));
        frame.flip();
        return frame.putInt(2 * Integer.BYTES, checksum(frame.array(), 0, payload));
    }

    private static int checksum(byte[] frame, int at, int payload) {
        var crc = new CRC32C();
        crc.update(frame, at + Integer.BYTES, Integer.BYTES);
        crc.update(frame, at + FRAME, payload);
        return (int) crc.getValue();
    }

    /** How many bytes it took an entry to be kept. */
    static int footprint(byte[] entry) {
        return FRAME + Integer.BYTES + entry.length;
    }

    /** @return where the last good batch ends */
    private static long readAll(Disk disk, String name, long size, Consumer<byte[]> each) throws IOException {
        try (var in = new DataInputStream(disk.read(name))) {
            if (!Arrays.equals(in.readNBytes(HEADER.length), HEADER)) {
                throw new IOException(disk.pathOf(name) + " is not a file of this gateway, or of another version");
            }
            long at = HEADER.length;
            while (at < size) {
                var head = in.readNBytes(FRAME);
                int payload = payload(head, 0, size - at);
                var frame = payload < 0 ? head : join(head, in.readNBytes(payload));
                if (payload < 0 || !isGood(frame, 0, payload)) {
                    seekGood(disk, name, at, join(frame, in.readAllBytes()));
                    return at;
                }
                for (var entries = ByteBuffer.wrap(frame, FRAME, payload); entries.hasRemaining(); ) {
                    var entry = new byte[entries.getInt()];
                    entries.get(entry);
                    each.accept(entry);
                }
                at += frame.length;
            }
            return at;
        }
    }

    /** The length that a batch at this place says it has, or -1 where none can begin. */
    private static int payload(byte[] bytes, int at, long left) {
        if (left < FRAME) {
            return -1;
        }
        var head = ByteBuffer.wrap(bytes, at, FRAME);
        boolean magic = head.getInt() == MAGIC;
        int payload = head.getInt();
        return magic && payload >= 0 && payload <= Math.min(MOST_PAYLOAD, left - FRAME) ? payload : -1;
    }

    private static boolean isGood(byte[] bytes, int at, int payload) {
        return ByteBuffer.wrap(bytes).getInt(at + 2 * Integer.BYTES) == checksum(bytes, at, payload);
    }

    private static void seekGood(Disk disk, String name, long broken, byte[] rest) throws IOException {
        for (int at = 1; at < rest.length; at++) {
            int payload = payload(rest, at, rest.length - at);
            if (payload >= 0 && isGood(rest, at, payload)) {
                throw new IOException(disk.pathOf(name) + " was damaged at offset " + broken
                        + ": good entries follow at "
                        + (broken + at) + ", so this is no torn end. Nothing was changed; restore the file, or move it"
                        + " away to go on without it");
            }
        }
    }

    private static byte[] join(byte[] one, byte[] other) {
        var both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
