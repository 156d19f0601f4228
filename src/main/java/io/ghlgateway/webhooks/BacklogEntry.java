package io.ghlgateway.webhooks;

import io.ghlgateway.disk.LogEntry;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is written down of the embedded queue, {@link LogEntry} by entry. */
final class BacklogEntry {

    private static final int TAKEN = 1;
    private static final int DONE = 2;
    private static final int AGAIN = 3;
    private static final int DEAD = 4;
    private static final int REVIVED = 5;
    private static final int FORGOTTEN = 6;
    private static final int SEEN = 7;

    private static final int MARKS_AT_ONCE = 10_000;

    private BacklogEntry() {}

    static byte[] taken(long number, Event event, Collection<String> subscribers) {
        return LogEntry.of(TAKEN, out -> {
            out.writeLong(number);
            out.writeInt(subscribers.size());
            for (var name : subscribers) {
                out.writeUTF(name);
            }
            out.write(EventForm.write(event));
        });
    }

    static byte[] done(long number, String subscriber) {
        return LogEntry.of(DONE, out -> {
            out.writeLong(number);
            out.writeUTF(subscriber);
        });
    }

    static byte[] again(long number, String subscriber, int attempts, Instant due, Instant since) {
        return LogEntry.of(AGAIN, out -> {
            out.writeLong(number);
            out.writeUTF(subscriber);
            out.writeInt(attempts);
            out.writeLong(due.toEpochMilli());
            out.writeLong(since.toEpochMilli());
        });
    }

    static byte[] dead(long number, String subscriber, int attempts, Instant buried, String why) {
        return LogEntry.of(DEAD, out -> {
            out.writeLong(number);
            out.writeUTF(subscriber);
            out.writeInt(attempts);
            out.writeLong(buried.toEpochMilli());
            out.writeUTF(why);
        });
    }

    static byte[] revived(long number, String subscriber, Instant at) {
        return LogEntry.of(REVIVED, out -> {
            out.writeLong(number);
            out.writeUTF(subscriber);
            out.writeLong(at.toEpochMilli());
        });
    }

    static byte[] forgotten(String subscriber) {
        return LogEntry.of(FORGOTTEN, out -> out.writeUTF(subscriber));
    }

    static Stream<byte[]> seen(SeenIds.Day day) {
        var marks = day.marks();
        return IntStream.rangeClosed(0, (marks.length - 1) / MARKS_AT_ONCE)
                .map(chunk -> chunk * MARKS_AT_ONCE)
                .mapToObj(from -> seen(day.day(), marks, from, Math.min(marks.length, from + MARKS_AT_ONCE)));
    }

    private static byte[] seen(long day, long[] marks, int from, int to) {
        return LogEntry.of(SEEN, out -> {
            out.writeLong(day);
            out.writeInt(to - from);
            for (int i = from; i < to; i++) {
                out.writeLong(marks[i]);
            }
        });
    }

    /**
     * @param reader hears what it says
     * @throws IllegalStateException for an entry of no type that this version knows
     */
    static void read(byte[] entry, Backlog reader) {
        LogEntry.read(entry, (type, in) -> {
            switch (type) {
                case TAKEN -> {
                    long number = in.readLong();
                    int count = in.readInt();
                    var subscribers = new ArrayList<String>();
                    for (int i = 0; i < count; i++) {
                        subscribers.add(in.readUTF());
                    }
                    reader.taken(number, EventForm.read(in.readAllBytes()), subscribers);
                }
                case DONE -> reader.done(in.readLong(), in.readUTF());
                case AGAIN -> reader.again(in.readLong(), in.readUTF(), in.readInt(), instant(in), ifThere(in));
                case DEAD -> reader.dead(in.readLong(), in.readUTF(), in.readInt(), instant(in), in.readUTF());
                case REVIVED -> reader.revived(in.readLong(), in.readUTF(), ifThere(in));
                case FORGOTTEN -> reader.forgotten(in.readUTF());
                case SEEN -> {
                    long day = in.readLong();
                    var marks = new long[in.readInt()];
                    for (int i = 0; i < marks.length; i++) {
                        marks[i] = in.readLong();
                    }
                    reader.seen(day, marks);
                }
                default -> throw LogEntry.unknown(type);
            }
        });
    }

    /** What earlier builds did not write. */
    private static Optional<Instant> ifThere(DataInputStream in) throws IOException {
        return in.available() > 0 ? Optional.of(instant(in)) : Optional.empty();
    }

    private static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochMilli(in.readLong());
    }
}
