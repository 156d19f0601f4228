package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.tenancy.KeyHash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers by JWTs of configured issuers (RFC 7519, and of RFC 8725 what is about verifying). A token is verified once,
 * off the event loop, and known by its hash from then on until it ends or its issuer's keys change. Any thread.
 */
public final class CallerTokens {

    /** How far its issuer's clock may be from ours. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private static final Duration REFUSED_FOR = Duration.ofSeconds(10);
    private static final int LONGEST = 8 * 1024;
    private static final int MOST_KNOWN = 10_000;
    /** Verifications at once, those that wait for a thread included: what strangers send may keep all threads busy. */
    private static final int MOST_UNDER_WAY = 64;

    private static final Refusal TOO_MANY = new Refusal(
            Code.CREDENTIAL_UNAVAILABLE,
            "as many callers' tokens as the gateway verifies at once are being verified; try again",
            Optional.of(Duration.ofSeconds(1)),
            Optional.empty(),
            Optional.empty());

    /**
     * @param caller whom a good token names; empty where it is none
     * @param why it is none; nothing where it is good
     * @param until when this is so
     */
    record Checked(Optional<String> caller, String why, Instant until) {}

    private final Vertx vertx;
    private final Function<URI, Future<Buffer>> fetch;
    private final Ticker ticker;
    private final InstantSource clock;
    private final EdgeEvents events;
    /** The keys of those that are trusted, by their names; replaced as a whole. */
    private volatile Map<String, IssuerKeys> issuers = Map.of();

    private final Cache<KeyHash, Checked> known =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();
    private final AtomicInteger underWay = new AtomicInteger();

    /** @param fetch asks for the JWK Set at a URL */
    public CallerTokens(
            Vertx vertx,
            List<TrustedIssuer> trusted,
            Function<URI, Future<Buffer>> fetch,
            Ticker ticker,
            InstantSource clock,
            EdgeEvents events) {
        this.vertx = vertx;
        this.fetch = fetch;
        this.ticker = ticker;
        this.clock = clock;
        this.events = events;
        trust(trusted);
    }

    /**
     * Has these be trusted, and no others, from now on. The keys of those that are trusted already stay, the others' are to
     * be asked for by {@link #refresh}.
     */
    public synchronized void trust(List<TrustedIssuer> trusted) {
        var before = issuers;
        var now = new LinkedHashMap<String, IssuerKeys>();
        for (var issuer : trusted) {
            var same = before.get(issuer.issuer());
            now.put(issuer.issuer(), same != null && same.issuer().equals(issuer) ? same : keys(issuer));
        }
        issuers = now;
        known.invalidateAll();
    }

    private IssuerKeys keys(TrustedIssuer issuer) {
        return new IssuerKeys(vertx, issuer, fetch, ticker, known::invalidateAll, events);
    }

    /** Asks every issuer for its keys; at the start, and from time to time. */
    public void refresh() {
        issuers.values().forEach(IssuerKeys::refresh);
    }

    /** Whether this may be a token, and not a key. */
    boolean isOne(String credential) {
        return !issuers.isEmpty() && credential.startsWith("eyJ");
    }

    /** What was found about a token before; null where it was not looked at yet, or too long ago. */
    @Nullable
    Checked known(KeyHash hash) {
        var verdict = known.getIfPresent(hash);
        return verdict == null || !clock.instant().isBefore(verdict.until()) ? null : verdict;
    }

    /** Fails with {@link RefusedException} where too many are being verified. */
    Future<Checked> check(KeyHash hash, String token) {
        var hint = Hint.of(token);
        var its = hint == null ? null : issuers.get(hint.issuer());
        if (hint == null || its == null) {
            return Future.succeededFuture(
                    refused(hint == null ? "it is no signed JWT" : "its issuer is none of those configured (jwt)"));
        }
        var issuer = its.issuer();
        if (!issuer.algorithms().contains(hint.algorithm())) {
            return Future.succeededFuture(refused("it is not signed with one of the algorithms of its issuer"));
        }
        var ready = its.known().named(hint.key(), hint.algorithm()).isEmpty()
                ? its.refresh()
                : Future.<Void>succeededFuture();
        return ready.compose(fetched -> {
            var published = its.known();
            var candidates = published.named(hint.key(), hint.algorithm());
            if (candidates.isEmpty()) { // not kept: the next may find it
                return Future.succeededFuture(refused(
                        published.isFetched()
                                ? "it names a key that its issuer does not publish"
                                : "the keys of its issuer cannot be had now; try again"));
            }
            if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
                underWay.decrementAndGet();
                return Future.failedFuture(new RefusedException(TOO_MANY));
            }
            return vertx.executeBlocking(() -> verify(issuer, candidates, token), false)
                    .onComplete(done -> underWay.decrementAndGet())
                    .onSuccess(verdict -> keep(hash, verdict, its, published));
        });
    }

    /**
     * Unless its issuer or its keys have changed since, also at this very moment: they are replaced before what is known is
     * dropped.
     */
    private void keep(KeyHash hash, Checked verdict, IssuerKeys its, IssuerKeys.Known published) {
        if (stands(its, published)) {
            known.put(hash, verdict);
            if (!stands(its, published)) {
                known.invalidate(hash);
            }
        }
    }

    private boolean stands(IssuerKeys its, IssuerKeys.Known published) {
        return issuers.get(its.issuer().issuer()) == its && its.known() == published;
    }

    private Checked verify(TrustedIssuer issuer, List<IssuerKeys.Key> candidates, String token) {
        for (var key : candidates) {
            try {
                if (key.verifier().authenticate(new TokenCredentials(token)).succeeded()) {
                    return judged(issuer, Hint.part(token, 1));
                }
            } catch (ClassCastException malformed) { // so Vert.x says of times that are no numbers
                return refused("its claims are not what RFC 7519 has them be");
            }
        }
        return refused("its signature is not its issuer's");
    }

    private Checked judged(TrustedIssuer issuer, @Nullable JsonObject claims) {
        var now = clock.instant();
        if (claims == null || !(claims.getValue("exp") instanceof Number exp)) {
            return refused("it does not say when it ends (exp)");
        }
        var end = time(exp).plus(LEEWAY);
        if (!now.isBefore(end)) {
            return refused("it has expired");
        }
        var begins = claims.getValue("nbf");
        if (begins != null
                && !(begins instanceof Number from && !now.plus(LEEWAY).isBefore(time(from)))) {
            return refused("it is not valid yet (nbf)");
        }
        var audience = claims.getValue("aud");
        boolean isForUs = audience instanceof JsonArray several
                ? several.contains(issuer.audience())
                : issuer.audience().equals(audience);
        if (!isForUs) {
            return refused("it is for another audience than '" + issuer.audience() + "' (aud)");
        }
        if (!(claims.getValue(issuer.callerClaim()) instanceof String caller)) {
            return refused("it does not name a caller ('" + issuer.callerClaim() + "')");
        }
        return issuer.mayName(caller)
                ? new Checked(Optional.of(caller), "", end)
                : refused("it names a caller that its issuer may not name (jwt: callers)");
    }

    /** Whatever number it is: no instant is that of 10^300. */
    private static Instant time(Number seconds) {
        return Instant.ofEpochSecond(Math.max(0, Math.min(seconds.longValue(), Integer.MAX_VALUE * 2L)));
    }

    private Checked refused(String why) {
        return new Checked(Optional.empty(), why, clock.instant().plus(REFUSED_FOR));
    }

    /**
     * What a token says of how it is to be verified; nothing of it is believed but as a hint where to look.
     *
     * @param key null where it does not say
     */
    private record Hint(String algorithm, @Nullable String key, String issuer) {

        /** Null where it is nothing that could be verified. */
        static @Nullable Hint of(String token) {
            if (token.length() > LONGEST || token.chars().filter(c -> c == '.').count() != 2 || token.endsWith(".")) {
                return null;
            }
            var header = part(token, 0);
            var claims = part(token, 1);
            boolean whole = header != null
                    && claims != null
                    && header.getValue("alg") instanceof String
                    && (header.getValue("kid") == null || header.getValue("kid") instanceof String)
                    && claims.getValue("iss") instanceof String;
            // An extension that must be understood is one that is not.
            return whole && !header.containsKey("crit")
                    ? new Hint(header.getString("alg"), header.getString("kid"), claims.getString("iss"))
                    : null;
        }

        static @Nullable JsonObject part(String token, int index) {
            try {
                return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index])));
            } catch (IllegalArgumentException | DecodeException | ClassCastException unreadable) {
                return null;
            }
        }
    }
}
