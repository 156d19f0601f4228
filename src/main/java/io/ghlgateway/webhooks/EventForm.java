package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/** An event as bytes, for whatever keeps it. The first byte says which form it is, so that a later one can be told apart. */
final class EventForm {

    private static final int FORM = 1;

    private EventForm() {}

    static byte[] write(Event event) {
        var bytes = new ByteArrayOutputStream(event.body().length() + 256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeUTF(event.app().id());
            out.writeUTF(event.id());
            out.writeUTF(event.type());
            out.writeUTF(
                    event.resource().map(resource -> resource.kind().name()).orElse(""));
            out.writeUTF(event.resource().map(Resource::id).orElse(""));
            out.writeLong(event.received().toEpochMilli());
            out.write(event.body().getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Empty where these are no event's bytes, or of a form that this version does not know. */
    static Optional<Event> readable(byte[] bytes) {
        try {
            return Optional.of(read(bytes));
        } catch (IllegalStateException another) {
            return Optional.empty();
        }
    }

    /** @throws IllegalStateException where these are no event's bytes, or of a form that this version does not know */
    static Event read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IllegalStateException("an event in form " + form);
            }
            var app = new App(in.readUTF());
            var id = in.readUTF();
            var type = in.readUTF();
            var kind = in.readUTF();
            var resource = in.readUTF();
            return new Event(
                    app,
                    id,
                    type,
                    kind.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Resource(Resource.Kind.valueOf(kind), resource)),
                    Instant.ofEpochMilli(in.readLong()),
                    Buffer.buffer(in.readAllBytes()));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("an event is cut short", e);
        }
    }
}
