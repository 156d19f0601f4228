package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's public keys, fetched anew when a token names one that is not known, and now and then. What was fetched last
 * stays while no JWK Set can be had; one that holds no key of use takes all keys back. Any thread.
 */
final class IssuerKeys {

    /** However many tokens name keys that there are not; and no fetch keeps the next from being made for longer. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

    private static final int MOST_KEYS = 100;
    /** Of an RSA key's modulus: 2048 bits, the least that RFC 7518 allows. */
    private static final int LEAST_MODULUS_BYTES = 256;

    /** One key; {@code verifier} does no more than verify its signatures. */
    record Key(Optional<String> id, String algorithm, JWTAuth verifier) {}

    /**
     * Another whenever keys were added or removed.
     *
     * @param written the keys as they came
     */
    record Known(List<JsonObject> written, List<Key> keys) {

        /** Until a JWK Set was taken. */
        private static final Known NOTHING = new Known(List.of(), List.of());

        /** Those that may have signed a token that names this key; all of its algorithm where it names none. */
        List<Key> named(@Nullable String id, String algorithm) {
            return keys.stream()
                    .filter(key -> id == null
                            ? key.algorithm().equals(algorithm)
                            : key.id().filter(id::equals).isPresent())
                    .toList();
        }

        boolean isFetched() {
            return this != NOTHING;
        }
    }

    private final Vertx vertx;
    private final TrustedIssuer issuer;
    private final Function<URI, Future<Buffer>> fetch;
    private final Ticker ticker;
    private final Runnable changed;
    private final EdgeEvents events;
    private volatile Known known = Known.NOTHING;
    /** The one under way, or the last; guarded by this, as is the next. */
    private @Nullable Future<Void> fetching;

    private long began;

    /**
     * @param fetch asks for the JWK Set at a URL
     * @param changed runs after keys were added or removed
     */
    IssuerKeys(
            Vertx vertx,
            TrustedIssuer issuer,
            Function<URI, Future<Buffer>> fetch,
            Ticker ticker,
            Runnable changed,
            EdgeEvents events) {
        this.vertx = vertx;
        this.issuer = issuer;
        this.fetch = fetch;
        this.ticker = ticker;
        this.changed = changed;
        this.events = events;
    }

    TrustedIssuer issuer() {
        return issuer;
    }

    /** As they are now. */
    Known known() {
        return known;
    }

    /** Completes, also after a failure, once the keys are as new as can be had now. */
    synchronized Future<Void> refresh() {
        if (fetching != null && ticker.read() - began < BETWEEN_FETCHES.toNanos()) {
            return fetching;
        }
        began = ticker.read();
        fetching = fetch.apply(issuer.keysUrl())
                .timeout(BETWEEN_FETCHES.toMillis(), TimeUnit.MILLISECONDS)
                .map(this::read)
                .onSuccess(this::take)
                .onFailure(cause -> events.issuerSilent(issuer.issuer(), String.valueOf(cause.getMessage())))
                .transform(ended -> Future.succeededFuture());
        return fetching;
    }

    private synchronized void take(Known fetched) {
        if (!known.isFetched() || !fetched.written().equals(known.written())) {
            known = fetched;
            changed.run();
            events.issuerKnown(issuer.issuer(), fetched.keys().size());
        }
    }

    /** Keys of kinds that are not used here are passed over. Where there are no others, the issuer has taken its keys back. */
    private Known read(Buffer set) {
        @Nullable JsonArray all;
        try {
            all = set.toJsonObject().getJsonArray("keys");
        } catch (DecodeException | ClassCastException noSet) {
            all = null;
        }
        if (all == null) {
            throw new IllegalStateException("what it answers is no JWK Set");
        }
        var written = new ArrayList<JsonObject>();
        var keys = new ArrayList<Key>();
        for (int i = 0; i < Math.min(all.size(), MOST_KEYS); i++) {
            if (all.getValue(i) instanceof JsonObject key && isOfUse(key)) {
                verifier(key).ifPresent(verifier -> {
                    written.add(key);
                    keys.add(new Key(
                            Optional.ofNullable(key.getValue("kid")).map(Object::toString), algorithm(key), verifier));
                });
            }
        }
        return new Known(List.copyOf(written), List.copyOf(keys));
    }

    private boolean isOfUse(JsonObject key) {
        return issuer.algorithms().contains(algorithm(key))
                && "sig".equals(key.getValue("use", "sig"))
                && (!"RSA".equals(key.getValue("kty")) || isLongEnough(String.valueOf(key.getValue("n"))));
    }

    /** What the key says that it is for, if that is what its kind can be for; many say nothing. */
    private static String algorithm(JsonObject key) {
        var usual = switch (key.getValue("kty") + " " + key.getValue("crv", "-")) {
            case "RSA -" -> "RS256";
            case "EC P-256" -> "ES256";
            case "OKP Ed25519" -> "EdDSA";
            default -> "none";
        };
        return usual.equals(key.getValue("alg", usual)) ? usual : "none";
    }

    private static boolean isLongEnough(String modulus) {
        try {
            return Base64.getUrlDecoder().decode(modulus).length >= LEAST_MODULUS_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private Optional<JWTAuth> verifier(JsonObject key) {
        try {
            return Optional.of(JWTAuth.create(
                    vertx,
                    new JWTAuthOptions()
                            .addJwk(key.copy().put("alg", algorithm(key)))
                            .setJWTOptions(
                                    new JWTOptions().setIgnoreExpiration(true)))); // its claims are judged by our clock
        } catch (RuntimeException broken) {
            return Optional.empty();
        }
    }
}
