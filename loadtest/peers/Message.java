import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds where an HTTP/1.1 message ends and keeps its head; bodies are counted and thrown away. For one message after the
 * other on one connection, and as cheap as that can be: it believes what it reads.
 */
final class Message {

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODING = "transfer-encoding:".getBytes(StandardCharsets.US_ASCII);

    private enum At {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        END
    }

    private At at = At.HEAD;
    private byte[] head = new byte[2048];
    private int length; // of the head so far
    private long rest; // of the body or chunk
    private int line; // visible bytes of the trailer's line so far

    /** Takes bytes up to the end of the message; whether it ended. The call after that begins the next message. */
    boolean feed(ByteBuffer in) {
        if (at == At.END) {
            length = 0;
            at = At.HEAD;
        }
        while (in.hasRemaining() && at != At.END) {
            switch (at) {
                case HEAD -> head(in.get());
                case BODY, CHUNK -> skip(in);
                case CHUNK_SIZE -> chunkSize(in.get());
                case CHUNK_END -> {
                    if (in.get() == '\n') {
                        begin(At.CHUNK_SIZE, 0);
                    }
                }
                default -> trailer(in.get());
            }
        }
        return at == At.END;
    }

    /** Of a response. */
    int status() {
        return (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
    }

    /** The number of so many digits that follows this text for the first time in the head; -1 without it. */
    int numberAfter(byte[] text, int digits) {
        for (int i = 0; i + text.length + digits <= length; i++) {
            if (head[i] == text[0] && Arrays.equals(head, i, i + text.length, text, 0, text.length)) {
                int number = 0;
                for (int j = i + text.length; j < i + text.length + digits; j++) {
                    number = number * 10 + head[j] - '0';
                }
                return number;
            }
        }
        return -1;
    }

    private void head(byte next) {
        if (length == head.length) {
            head = Arrays.copyOf(head, length * 2);
        }
        head[length++] = next;
        if (next == '\n' && length > 3 && head[length - 3] == '\n') {
            framing();
        }
    }

    private void framing() {
        begin(At.END, 0);
        for (int i = 0; i < length; i++) {
            if (head[i] == '\n' && (head[i + 1 == length ? i : i + 1] | 0x20) == 'c' && begins(i + 1, LENGTH)) {
                long size = 0;
                for (int j = i + 1 + LENGTH.length; head[j] != '\r'; j++) {
                    size = head[j] == ' ' ? size : size * 10 + head[j] - '0';
                }
                begin(size == 0 ? At.END : At.BODY, size);
                return;
            }
            if (head[i] == '\n' && (head[i + 1 == length ? i : i + 1] | 0x20) == 't' && begins(i + 1, CODING)) {
                begin(At.CHUNK_SIZE, 0);
                return;
            }
        }
    }

    private boolean begins(int from, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (from + i >= length || (head[from + i] | 0x20) != (name[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private void skip(ByteBuffer in) {
        int some = (int) Math.min(rest, in.remaining());
        in.position(in.position() + some);
        rest -= some;
        if (rest == 0) {
            begin(at == At.BODY ? At.END : At.CHUNK_END, 0);
        }
    }

    private void chunkSize(byte next) {
        if (next == '\n') {
            begin(rest == 0 ? At.TRAILER : At.CHUNK, rest);
        } else if (next != '\r') {
            rest = rest * 16 + Character.digit(next, 16); // extensions are not expected
        }
    }

    private void trailer(byte next) {
        if (next == '\n' && line == 0) {
            begin(At.END, 0);
        } else if (next == '\n') {
            line = 0;
        } else if (next != '\r') {
            line++;
        }
    }

    private void begin(At next, long size) {
        at = next;
        rest = size;
        line = 0;
    }
}
