package io.ghlgateway.credentials;

import io.ghlgateway.disk.LogEntry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a {@link LogEntry} has, as bytes: each text and each array after its length. */
final class EntryBytes {

    private EntryBytes() {}

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
