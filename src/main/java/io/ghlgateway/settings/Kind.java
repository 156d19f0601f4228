package io.ghlgateway.settings;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.PemPublicKey;
import io.ghlgateway.limits.RouteLimit.Scope;
import io.ghlgateway.redis.RedisAddress;
import io.ghlgateway.settings.AppSettings.MarketplaceInstalls;
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

    static final Kind<Boolean> FLAG = plain("true or false", text -> switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
    });
    static final Kind<String> HOST = matching("a host name or an IP address", "[A-Za-z0-9._:-]+");
    static final Kind<String> HIGHLEVEL_ID = matching("HighLevel's id: letters, digits, '-' and '_'", "[A-Za-z0-9_-]+");
    static final Kind<String> APP = matching("an app's name: letters, digits, '.', '-' and '_'", "[A-Za-z0-9._-]+");
    /** One that stands in URLs as well, as a segment of its own. */
    static final Kind<String> APP_ID = matching(
            "an app's name: letters, digits, '.', '-' and '_', the first a letter or digit",
            "[A-Za-z0-9][A-Za-z0-9._-]*");
    /** Tenants and callers stand in headers, labels and log lines. */
    static final Kind<String> NAME = matching(
            "a name of up to 128 letters, digits and any of '.', '-', '_', ':', '@'", "[A-Za-z0-9._:@-]{1,128}");
    /** What begins like a tag would be taken for one where callers list it. */
    static final Kind<String> TENANT = matching(
            "a name of up to 128 letters, digits and any of '.', '-', '_', ':', '@' that does not begin with 'tag:'",
            "(?!tag:)[A-Za-z0-9._:@-]{1,128}");
    /** Not braces: they mark the part of a Redis key that says which node holds it. */
    static final Kind<String> PREFIX = matching("letters, digits and any of '.', '-', '_', ':'", "[A-Za-z0-9._:-]+");

    static final Kind<String> WORD = matching("a text without blanks", "\\S+");
    static final Kind<String> SCOPE_NAME = matching("one scope, such as contacts.readonly", "[A-Za-z0-9._/-]+");
    static final Kind<String> TEXT = matching("a text", "(?s).+");
    static final Kind<String> FILE = matching("a file", "(?s).+");
    static final Kind<String> REFERENCE = matching("a tenant's id, tag: and a tag, or \"*\"", ".+");
    static final Kind<String> ROUTE = plain(
            "a path such as /contacts/**, with '*' for one segment and '**' at its end for the rest, or a template as"
                    + " HighLevel publishes it, such as /contacts/{contactId}",
            text -> Optional.of(text).filter(OperationPatterns::isOne));
    static final Kind<String> JWT_ALGORITHM = matching("RS256, ES256 or EdDSA", "RS256|ES256|EdDSA");
    static final Kind<String> METHOD =
            matching("one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS");
    static final Kind<String> PRODUCT =
            matching("'passthrough' or a product name in ASCII, such as acme-sync/1.0", "[!-~]([ -~]*[!-~])?");
    static final Kind<PathPattern> PATH_PATTERN = plain(
            "a path such as /agent-studio/**, with '*' for one segment and '**' at its end for the rest",
            PathPattern::parse);
    static final Kind<Scope> SCOPE = plain("location or app", text -> switch (text) {
        case "location" -> Optional.of(Scope.LOCATION);
        case "app" -> Optional.of(Scope.APP);
        default -> Optional.empty();
    });
    static final Kind<HttpMethod> UNSAFE_METHOD = plain("PUT or DELETE", text -> switch (text) {
        case "PUT" -> Optional.of(HttpMethod.PUT);
        case "DELETE" -> Optional.of(HttpMethod.DELETE);
        default -> Optional.empty();
    });
    static final Kind<URI> BASE_URL = plain(
            "http:// or https:// with a host, perhaps a port, and nothing more, such as https://services.leadconnectorhq.com",
            WebUrl::base);
    static final Kind<URI> WEB_URL =
            plain("an absolute http:// or https:// URL, without a #fragment", WebUrl::absolute);
    static final Kind<MarketplaceInstalls> MARKETPLACE_INSTALLS =
            plain("pending, accept or refuse", text -> switch (text) {
                case "pending" -> Optional.of(MarketplaceInstalls.PENDING);
                case "accept" -> Optional.of(MarketplaceInstalls.ACCEPT);
                case "refuse" -> Optional.of(MarketplaceInstalls.REFUSE);
                default -> Optional.empty();
            });
    /** Not quoted: whoever takes a private key for the public one must not find it in a log. */
    static final Kind<PublicKey> PUBLIC_KEY = secret(
            "a public key in PEM, Ed25519 or RSA, from -----BEGIN PUBLIC KEY----- to its END", PemPublicKey::read);

    static final Kind<String> TYPE_PATTERN =
            matching("a type of webhook, with '*' for any part of it, such as Contact*", "[A-Za-z0-9_.*-]{1,64}");
    static final Kind<String> TENANT_PATTERN =
            matching("a tenant's name or HighLevel's id, with '*' for any part of it", "[A-Za-z0-9._:@*-]{1,128}");
    static final Kind<Optional<Instant>> DAY_OR_NEVER = plain("a day such as 2026-09-01, or never", Kind::day);

    static final Kind<Instant> MOMENT = plain(
            "a day such as 2026-09-01 (its beginning, in UTC) or a moment such as 2026-09-01T12:00:00Z", Kind::moment);

    static final Kind<Secret> ENCRYPTION_KEY = secret(
            "what 'keys encryption' prints",
            text -> Optional.of(text)
                    .filter(key -> !key.isBlank())
                    .map(Secret::of)
                    .filter(RecordCipher::takes));
    static final Kind<Optional<Path>> AUDIT_FILE = plain("a file, or none", Kind::journal);
    static final Kind<Optional<Path>> JOURNAL = plain("a directory, or none", Kind::journal);

    /** A token or a key: what can be sent in a header, and is therefore never anything else. */
    static final Kind<Secret> SECRET = secret(
            "visible ASCII characters, without blanks",
            text -> Optional.of(text)
                    .filter(Pattern.compile("[!-~]+").asMatchPredicate())
                    .map(Secret::of));

    static final Kind<Secret> SIGNING_SECRET = secret(
            "visible ASCII characters, without blanks; " + StandardSignature.EXPECTED,
            text -> Optional.of(text)
                    .filter(Pattern.compile("[!-~]+").asMatchPredicate())
                    .filter(StandardSignature::takes)
                    .map(Secret::of));

    /** Of HTTP (RFC 9110, section 5.6.2). */
    static final Kind<String> FIELD_NAME = matching("the name of an HTTP header", "[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    static final Kind<Secret> FIELD_VALUE = secret(
            "printable ASCII characters, the first and the last of them no blanks",
            text -> Optional.of(text)
                    .filter(Pattern.compile("[!-~]([ -~]*[!-~])?").asMatchPredicate())
                    .map(Secret::of));

    static final Kind<Double> RATIO = plain(
            "a number from 0 to 1, such as 0.05",
            text -> Optional.of(text)
                    .filter(Pattern.compile("0|1|0\\.[0-9]{1,9}|1\\.0{1,9}").asMatchPredicate())
                    .map(Double::valueOf));
    static final Kind<LogFormat> LOG_FORMAT = plain("human or json", text -> switch (text) {
        case "human" -> Optional.of(LogFormat.HUMAN);
        case "json" -> Optional.of(LogFormat.JSON);
        default -> Optional.empty();
    });
    static final Kind<KeyHash> KEY_HASH = secret(
            "the SHA-256 of the whole key: 64 hexadecimal digits",
            text -> Optional.of(text)
                    .filter(Pattern.compile("[0-9A-Fa-f]{64}").asMatchPredicate())
                    .map(KeyHash::ofHex));
    static final Kind<Secret> REDIS_URI =
            secret("redis://HOST:PORT, rediss://HOST:PORT or redis-sentinel://HOST:PORT,…/DB#MASTER", Kind::redisUri);

    static final Kind<Integer> PORT = whole(0, 65_535);

    static final Kind<Integer> PERCENT = percent(100);

    /** So that most of it is not kept from those who need not be named. */
    static final Kind<Integer> MINOR_PART = percent(50);

    private static Kind<Integer> percent(int most) {
        return plain(
                "a whole percentage from 1% to " + most + "%",
                text -> Optional.of(text)
                        .filter(Pattern.compile("[1-9][0-9]{0,2}%").asMatchPredicate())
                        .map(percent -> Integer.valueOf(percent.substring(0, percent.length() - 1)))
                        .filter(percent -> percent <= most));
    }

    static Kind<Integer> whole(int least, int most) {
        return plain(
                "a whole number from " + least + " to " + most,
                text -> Optional.of(text)
                        .filter(Pattern.compile("[0-9]{1,10}").asMatchPredicate())
                        .map(Long::parseLong)
                        .filter(number -> least <= number && number <= most)
                        .map(Long::intValue));
    }

    static Kind<Duration> duration(Duration least, Duration most) {
        return quantity(
                Units.TIME, least.toMillis(), most.toMillis(), "a duration", "ms, s, m, h or d", Duration::ofMillis);
    }

    static Kind<Long> size(long least, long most) {
        return quantity(Units.SIZE, least, most, "a size", "B, KiB, MiB or GiB", bytes -> bytes);
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

    private static Kind<String> matching(String description, String regex) {
        var pattern = Pattern.compile(regex).asMatchPredicate();
        return plain(description, text -> Optional.of(text).filter(pattern));
    }

    private static <T> Kind<T> plain(String description, Function<String, Optional<T>> reader) {
        return new Kind<>(description, false, reader);
    }

    private static <T> Kind<T> secret(String description, Function<String, Optional<T>> reader) {
        return new Kind<>(description, true, reader);
    }

    private static Optional<Optional<Path>> journal(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.equals("none") ? Optional.empty() : Optional.of(Path.of(text)));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static Optional<Optional<Instant>> day(String text) {
        try {
            return Optional.of(
                    text.equals("never")
                            ? Optional.empty()
                            : Optional.of(LocalDate.parse(text)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()));
        } catch (DateTimeParseException notADay) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(
                    text.indexOf('T') > 0
                            ? Instant.parse(text)
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException notAMoment) {
            return Optional.empty();
        }
    }

    /** Whether it suits {@code redis.cluster} is seen where that is read. */
    private static Optional<Secret> redisUri(String text) {
        return RedisAddress.parse(text, false).map(address -> Secret.of(text));
    }
}
