package io.ghlgateway.disk;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An entry of a log as bytes: one byte of type, then what the type has. */
public final class LogEntry {

    private LogEntry() {}

    /** Writes what a type has. */
    public interface Part {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads an entry of this type. */
    public interface Reader {
        void read(int type, DataInputStream in) throws IOException;
    }

    public static byte[] of(int type, Part part) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(type);
            part.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    public static void read(byte[] entry, Reader reader) {
        try (var in = new DataInputStream(new ByteArrayInputStream(entry))) {
            reader.read(in.readByte(), in);
        } catch (IOException e) {
            throw new IllegalStateException("an entry is cut short", e);
        }
    }

    public static IllegalStateException unknown(int type) {
        return new IllegalStateException("an entry of type " + type);
    }
}
