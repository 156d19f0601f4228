package io.ghlgateway.credentials;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Entries of a log as bytes: one byte of type, then what the type has, each text and each array after its length. */
final class EntryBytes {

    private EntryBytes() {}

    /** Writes what a type has. */
    interface Part {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads an entry of this type. */
    interface Reader {
        void read(int type, DataInputStream in) throws IOException;
    }

    static byte[] of(int type, Part part) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(type);
            part.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static void read(byte[] entry, Reader reader) {
        try (var in = new DataInputStream(new ByteArrayInputStream(entry))) {
            reader.read(in.readByte(), in);
        } catch (IOException e) {
            throw new IllegalStateException("an entry is cut short", e);
        }
    }

    static IllegalStateException unknown(int type) {
        return new IllegalStateException("an entry of type " + type);
    }

    static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    static void name(DataOutputStream out, RecordName name) throws IOException {
        text(out, name.toString());
    }

    static RecordName name(DataInputStream in) throws IOException {
        var text = text(in);
        return RecordName.parse(text).orElseThrow(() -> new IllegalStateException("a record named " + text));
    }

    static void sealed(DataOutputStream out, Sealed sealed) throws IOException {
        name(out, sealed.name());
        out.writeLong(sealed.generation());
        bytes(out, sealed.bytes());
    }

    static Sealed sealed(DataInputStream in) throws IOException {
        return new Sealed(name(in), in.readLong(), bytes(in));
    }
}
