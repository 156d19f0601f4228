package io.ghlgateway.settings;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.PemPublicKey;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.limits.RouteLimit.Scope;
import io.ghlgateway.redis.RedisAddress;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.StandardSignature;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A kind of value: how its text is read, and what to call for when the text is something else.
 *
 * @param description completes "expected …"
 * @param secret whether a message may not quote the text
 * @param reader empty for a text that is not of this kind; never throws
 */
record Kind<T>(String description, boolean secret, Function<String, Optional<T>> reader) {

    private static final int QUOTED = 60;
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cntrl}");

    static final Kind<Boolean> FLAG = oneOf("true or false", Map.of("true", true, "false", false));
    static final Kind<String> HOST = text("a host name or an IP address", "[A-Za-z0-9._:-]+");
    static final Kind<String> HIGHLEVEL_ID = text("HighLevel's id: letters, digits, '-' and '_'", "[A-Za-z0-9_-]+");
    static final Kind<String> APP = text("an app's name: letters, digits, '.', '-' and '_'", "[A-Za-z0-9._-]+");
    /** One that stands in URLs as well, as a segment of its own. */
    static final Kind<String> APP_ID = text(
            "an app's name: letters, digits, '.', '-' and '_', the first a letter or digit",
            "[A-Za-z0-9][A-Za-z0-9._-]*");
    /** Tenants and callers stand in headers, labels and log lines. */
    static final Kind<String> NAME =
            text("a name of up to 128 letters, digits and any of '.', '-', '_', ':', '@'", "[A-Za-z0-9._:@-]{1,128}");
    /** What begins like a tag would be taken for one where callers list it. */
    static final Kind<String> TENANT = text(
            "a name of up to 128 letters, digits and any of '.', '-', '_', ':', '@' that does not begin with 'tag:'",
            "(?!tag:)[A-Za-z0-9._:@-]{1,128}");
    /** Not braces: they mark the part of a Redis key that says which node holds it. */
    static final Kind<String> PREFIX = text("letters, digits and any of '.', '-', '_', ':'", "[A-Za-z0-9._:-]+");

    static final Kind<String> WORD = text("a text without blanks", "\\S+");
    static final Kind<String> SCOPE_NAME = text("one scope, such as contacts.readonly", "[A-Za-z0-9._/-]+");
    static final Kind<String> FILE = text("a file", "(?s).+");
    static final Kind<String> REFERENCE = text("a tenant's id, tag: and a tag, or \"*\"", ".+");
    static final Kind<String> ROUTE = plain(
            "a path such as /contacts/**, with '*' for one segment and '**' at its end for the rest, or a template as"
                    + " HighLevel publishes it, such as /contacts/{contactId}",
            text -> Optional.of(text).filter(OperationPatterns::isOne));
    static final Kind<String> JWT_ALGORITHM = text("RS256, ES256 or EdDSA", "RS256|ES256|EdDSA");
    static final Kind<String> METHOD =
            text("one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS");
    static final Kind<String> PRODUCT =
            text("'passthrough' or a product name in ASCII, such as acme-sync/1.0", "[!-~]([ -~]*[!-~])?");
    static final Kind<PathPattern> PATH_PATTERN = plain(
            "a path such as /agent-studio/**, with '*' for one segment and '**' at its end for the rest",
            PathPattern::parse);
    static final Kind<Scope> SCOPE = oneOf("location or app", Map.of("location", Scope.LOCATION, "app", Scope.APP));
    static final Kind<HttpMethod> UNSAFE_METHOD =
            oneOf("PUT or DELETE", Map.of("PUT", HttpMethod.PUT, "DELETE", HttpMethod.DELETE));
    static final Kind<URI> BASE_URL = plain(
            "http:// or https:// with a host, perhaps a port, and nothing more, such as https://services.leadconnectorhq.com",
            WebUrl::base);
    static final Kind<URI> WEB_URL =
            plain("an absolute http:// or https:// URL, without a #fragment", WebUrl::absolute);
    static final Kind<InstallApp.Policy> MARKETPLACE_INSTALLS = oneOf(
            "pending, accept or refuse",
            Map.of(
                    "pending", InstallApp.Policy.PENDING,
                    "accept", InstallApp.Policy.ACCEPT,
                    "refuse", InstallApp.Policy.REFUSE));
    /** Not quoted: whoever takes a private key for the public one must not find it in a log. */
    static final Kind<PublicKey> PUBLIC_KEY = secret(
            "a public key in PEM, Ed25519 or RSA, from -----BEGIN PUBLIC KEY----- to its END", PemPublicKey::read);

    static final Kind<String> TYPE_PATTERN =
            text("a type of webhook, with '*' for any part of it, such as Contact*", "[A-Za-z0-9_.*-]{1,64}");
    static final Kind<String> TENANT_PATTERN =
            text("a tenant's name or HighLevel's id, with '*' for any part of it", "[A-Za-z0-9._:@*-]{1,128}");
    static final Kind<Optional<Instant>> DAY_OR_NEVER = plain(
            "a day such as 2026-09-01, or never",
            text -> text.equals("never")
                    ? Optional.of(Optional.empty())
                    : day(text).map(Optional::of));

    static final Kind<Instant> MOMENT = plain(
            "a day such as 2026-09-01 (its beginning, in UTC) or a moment such as 2026-09-01T12:00:00Z", Kind::moment);

    static final Kind<Secret> ENCRYPTION_KEY = secret(
            "what 'keys encryption' prints",
            text -> Optional.of(text)
                    .filter(key -> !key.isBlank())
                    .map(Secret::of)
                    .filter(RecordCipher::takes));
    static final Kind<Optional<Path>> AUDIT_FILE = plain("a file, or none", Kind::pathOrNone);
    static final Kind<Optional<Path>> JOURNAL = plain("a directory, or none", Kind::pathOrNone);

    /** A token or a key: what can be sent in a header, and is therefore never anything else. */
    static final Kind<Secret> SECRET =
            secret("visible ASCII characters, without blanks", matching("[!-~]+", Secret::of));

    static final Kind<Secret> SIGNING_SECRET = secret(
            "visible ASCII characters, without blanks; " + StandardSignature.EXPECTED,
            text -> SECRET.reader().apply(text).filter(secret -> StandardSignature.takes(secret.reveal())));

    /** Of HTTP (RFC 9110, section 5.6.2). */
    static final Kind<String> FIELD_NAME = text("the name of an HTTP header", "[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    static final Kind<Secret> FIELD_VALUE = secret(
            "printable ASCII characters, the first and the last of them no blanks",
            matching("[!-~]([ -~]*[!-~])?", Secret::of));

    static final Kind<Double> RATIO =
            plain("a number from 0 to 1, such as 0.05", matching("0|1|0\\.[0-9]{1,9}|1\\.0{1,9}", Double::valueOf));
    static final Kind<LogFormat> LOG_FORMAT =
            oneOf("human or json", Map.of("human", LogFormat.HUMAN, "json", LogFormat.JSON));
    static final Kind<KeyHash> KEY_HASH =
            secret("the SHA-256 of the whole key: 64 hexadecimal digits", matching("[0-9A-Fa-f]{64}", KeyHash::ofHex));
    static final Kind<Secret> REDIS_URI =
            secret("redis://HOST:PORT, rediss://HOST:PORT or redis-sentinel://HOST:PORT,…/DB#MASTER", Kind::redisUri);

    static final Kind<Duration> UP_TO_A_DAY = duration(Duration.ofMillis(1), Duration.ofDays(1));

    static final Kind<Integer> PORT = whole(0, 65_535);

    static final Kind<Integer> PERCENT = percent(100);

    /** So that most of it is not kept from those who need not be named. */
    static final Kind<Integer> MINOR_PART = percent(50);

    private static Kind<Integer> percent(int most) {
        var written = matching("[1-9][0-9]{0,2}%", text -> Integer.valueOf(text.substring(0, text.length() - 1)));
        return plain(
                "a whole percentage from 1% to " + most + "%",
                text -> written.apply(text).filter(percent -> percent <= most));
    }

    static Kind<Integer> whole(int least, int most) {
        var digits = matching("[0-9]{1,10}", Long::valueOf);
        return plain(
                "a whole number from " + least + " to " + most,
                text -> digits.apply(text)
                        .filter(number -> least <= number && number <= most)
                        .map(Long::intValue));
    }

    static Kind<Duration> duration(Duration least, Duration most) {
        return quantity(
                Units.TIME, least.toMillis(), most.toMillis(), "a duration", "ms, s, m, h or d", Duration::ofMillis);
    }

    static Kind<Long> size(long least, long most) {
        return size(least, most, bytes -> bytes);
    }

    /** A size of what is kept in memory as a whole. */
    static Kind<Integer> smallSize(int least, int most) {
        return size(least, most, Long::intValue);
    }

    private static <T> Kind<T> size(long least, long most, Function<Long, T> made) {
        return quantity(Units.SIZE, least, most, "a size", "B, KiB, MiB or GiB", made);
    }

    /** What to say of a text that is not of this kind; as much of it as a message bears, and nothing of a secret. */
    String misses(String text) {
        String expected = "expected " + description;
        if (text.isEmpty()) {
            return expected + ", found an empty text";
        }
        if (secret) {
            return expected;
        }
        String shown = UNPRINTABLE.matcher(text).replaceAll("?");
        return expected + ", found '" + (shown.length() > QUOTED ? shown.substring(0, QUOTED) + "…" : shown) + "'";
    }

    private static <T> Kind<T> quantity(
            Units units, long least, long most, String noun, String names, Function<Long, T> made) {
        String range = noun + " from " + units.format(least) + " to " + units.format(most) + ", in " + names;
        return plain(range, text -> {
            long quantity = units.parse(text).orElse(-1);
            return least <= quantity && quantity <= most ? Optional.of(made.apply(quantity)) : Optional.empty();
        });
    }

    private static Kind<String> text(String description, String regex) {
        return plain(description, matching(regex, text -> text));
    }

    private static <T> Function<String, Optional<T>> matching(String regex, Function<String, T> made) {
        var pattern = Pattern.compile(regex).asMatchPredicate();
        return text -> Optional.of(text).filter(pattern).map(made);
    }

    private static <T> Kind<T> oneOf(String description, Map<String, T> values) {
        return plain(description, text -> Optional.ofNullable(values.get(text)));
    }

    private static <T> Kind<T> plain(String description, Function<String, Optional<T>> reader) {
        return new Kind<>(description, false, reader);
    }

    private static <T> Kind<T> secret(String description, Function<String, Optional<T>> reader) {
        return new Kind<>(description, true, reader);
    }

    private static Optional<Optional<Path>> pathOrNone(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.equals("none") ? Optional.empty() : Optional.of(Path.of(text)));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> day(String text) {
        try {
            return Optional.of(
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException notADay) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> moment(String text) {
        if (text.indexOf('T') <= 0) {
            return day(text);
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException notAMoment) {
            return Optional.empty();
        }
    }

    /** Whether it suits {@code redis.cluster} is seen where that is read. */
    private static Optional<Secret> redisUri(String text) {
        return RedisAddress.parse(text, false).map(address -> Secret.of(text));
    }
}
