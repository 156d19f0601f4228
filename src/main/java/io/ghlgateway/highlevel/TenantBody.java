package io.ghlgateway.highlevel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.ghlgateway.http.WipedBuffers;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Reads out of a request's body which locations and companies it names, as Node's common servers would read it: JSON at
 * its top level, or a form; inflated where it is sent deflated. Everything that some reader could take for the name is
 * told, each value of a repeated field too. Pure; blocks for as long as it computes: measured at 7 to 23 ms for each MiB of
 * JSON that is nothing but names.
 */
public final class TenantBody {

    /** JSON that is read as text. */
    private static final int SHORT = 16 << 10;

    private static final long MOST_INFLATED = 10 << 20;
    /** A form is read as one string. */
    private static final int LONGEST_FORM = 256 << 10;

    /** In one field: a bulk operation may act on many. What names more is an attack or a mistake. */
    private static final int MOST_TARGETS = 1_000;

    private static final int LONGEST_ID = 200;

    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*[\"']?([^;\"'\\s]*)");
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

    /** Names are neither kept nor looked up: they are the sender's, and there may be millions of them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .recyclerPool(WipedBuffers.POOL)
            .build();

    private TenantBody() {}

    /**
     * What was found, or why the body could not be read to the end; then nothing is proven.
     *
     * @param problem for the caller: what was seen
     */
    public record Reading(List<NamedResource> named, Optional<String> problem) {

        private static Reading broken(String problem) {
            return new Reading(List.of(), Optional.of(problem));
        }
    }

    /** Whether a body of this type is an upload in parts, which is streamed and never read. */
    public static boolean isMultipart(String contentType) {
        return type(contentType).startsWith("multipart/");
    }

    /**
     * @param route what the catalogue found, with at least one field in the body
     * @param contentType as sent; empty if none was
     * @param coding the content coding as sent; empty if none was
     */
    public static Reading read(Route route, String contentType, String coding, Buffer body) {
        var type = type(contentType);
        if (body.length() == 0) {
            return new Reading(List.of(), Optional.empty());
        }
        if (isMultipart(contentType)) {
            return Reading.broken(
                    "this operation takes no multipart body, and names its location or company in its body");
        }
        if (!isPlain(contentType)) {
            return Reading.broken(
                    "the body is to be read as UTF-8, for this operation names its location or company there;"
                            + " leave out the charset of its Content-Type");
        }
        try (var plain = inflated(coding, body)) {
            var values = type.equals("application/x-www-form-urlencoded") ? form(route, plain) : json(route, plain);
            return new Reading(TenantFields.namedInBody(route, values), Optional.empty());
        } catch (StreamConstraintsException extreme) {
            return Reading.broken("the body is nested too deeply, or a name or number in it is too long");
        } catch (JsonProcessingException malformed) {
            return Reading.broken(
                    isJson(type)
                            ? "the body is not JSON: " + where(malformed)
                            : "the body is to be JSON, or a form that is called one by its Content-Type, for this operation"
                                    + " names its location or company there");
        } catch (Unprovable e) {
            return Reading.broken(e.getMessage());
        } catch (IOException notInflatable) {
            return Reading.broken("the body is not what its Content-Encoding says");
        }
    }

    /** Of another charset a lenient server would read another text (UTF-7 hides names). */
    private static boolean isPlain(String contentType) {
        return CHARSET.matcher(contentType.toLowerCase(Locale.ROOT))
                .results()
                .allMatch(charset -> CHARSETS.contains(charset.group(1)));
    }

    /** Says nothing of what the body holds. */
    private static String where(JsonProcessingException malformed) {
        var at = malformed.getLocation();
        return at == null ? "it ends too early" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String type(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    private static InputStream inflated(String coding, Buffer body) throws IOException {
        var bytes = new ByteBufInputStream(((BufferInternal) body).getByteBuf());
        return switch (coding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> bytes;
            case "gzip", "x-gzip" -> new Bounded(new GZIPInputStream(bytes));
            case "deflate" -> new Bounded(new InflaterInputStream(bytes));
            default ->
                throw new Unprovable("this operation names its location in its body, which cannot be read in the "
                        + "content coding '" + coding + "'; send it plain, or as gzip");
        };
    }

    private static Map<String, Set<String>> form(Route route, InputStream body) throws IOException {
        var bytes = body.readNBytes(LONGEST_FORM + 1);
        if (bytes.length > LONGEST_FORM) {
            throw new Unprovable(
                    "this operation names its location or company in its body, and a form may therefore have"
                            + " at most " + LONGEST_FORM + " bytes");
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        var values = new HashMap<String, Set<String>>();
        for (var name : names(route)) {
            var distinct = new LinkedHashSet<>(RawQuery.values(text, name));
            check(distinct);
            values.put(name, distinct);
        }
        return values;
    }

    private static Map<String, Set<String>> json(Route route, InputStream body) throws IOException {
        var wanted = names(route);
        var values = new HashMap<String, Set<String>>();
        try (var parser = parser(body)) {
            var first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    var name = parser.currentName();
                    parser.nextToken();
                    if (wanted.contains(name)) {
                        value(parser, values.computeIfAbsent(name, n -> new LinkedHashSet<>()));
                    } else {
                        parser.skipChildren();
                    }
                }
            } else if (first != null) {
                parser.skipChildren();
            }
            parser.nextToken(); // whatever follows the value is no JSON, and throws
            if (parser.currentToken() != null) {
                throw new JsonParseException(parser, "more than one value");
            }
        }
        return values;
    }

    /** A stream's reader brings a buffer of its own, which is more than most bodies are: those are read as text. */
    private static JsonParser parser(InputStream body) throws IOException {
        if (!(body instanceof ByteBufInputStream) || body.available() > SHORT) {
            return JSON.createParser(body);
        }
        var bytes = new byte[body.available()];
        body.readNBytes(bytes, 0, bytes.length);
        return isUtf8(bytes) ? JSON.createParser(new String(bytes, StandardCharsets.UTF_8)) : JSON.createParser(bytes);
    }

    /** Without a byte order mark or a zero at its beginning, by which Jackson tells UTF-16 and UTF-32. */
    private static boolean isUtf8(byte[] text) {
        for (int i = 0; i < Math.min(4, text.length); i++) {
            if (text[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    /** The text of a scalar, and of each in a list: a lenient server may take the first of a list for the value. */
    private static void value(JsonParser parser, Set<String> values) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {}
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser, values);
                }
            }
            case START_OBJECT -> {
                parser.skipChildren();
                values.add("{…}"); // nobody's id
            }
            default -> {
                if (parser.getTextLength() > 0) {
                    values.add(parser.getTextLength() > LONGEST_ID ? "…" : parser.getText());
                }
            }
        }
        check(values);
    }

    private static void check(Set<String> values) throws Unprovable {
        if (values.size() > MOST_TARGETS) {
            throw new Unprovable("the body names more than " + MOST_TARGETS + " locations or companies");
        }
    }

    private static Set<String> names(Route route) {
        var names = new HashSet<String>();
        for (var field : route.tenantFields()) {
            if (field.source() == TenantField.Source.BODY) {
                names.add(field.name());
                if (field.kind() == TenantField.Kind.ALT) {
                    names.add(TenantFields.ALT_TYPE);
                }
            }
        }
        return names;
    }

    /** Fails once more than so many bytes came out: a few kilobytes can inflate to gigabytes. */
    private static final class Bounded extends FilterInputStream {

        private long read;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return count(super.read(), 1);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int bytes = super.read(into, offset, length);
            return count(bytes, bytes);
        }

        private int count(int result, int bytes) throws IOException {
            read += Math.max(0, bytes);
            if (read > MOST_INFLATED) {
                throw new Unprovable("this operation names its location in its body, which has more than "
                        + MOST_INFLATED + " bytes when inflated");
            }
            return result;
        }
    }

    /** What the body names can't be told for certain. The message is for the caller. */
    private static final class Unprovable extends IOException {
        private static final long serialVersionUID = 1;

        Unprovable(String message) {
            super(message);
        }
    }
}
