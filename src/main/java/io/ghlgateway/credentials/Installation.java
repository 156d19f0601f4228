package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An app that was installed at a location or company, with all that is known of its tokens. Immutable; each change is a
 * new generation. Its times are to the millisecond, as they are kept.
 *
 * @param companyId the agency: its own id for a company, else empty where it is not known
 * @param reason what is wrong, in words for the operator; empty while nothing is
 * @param tokens empty before the first token of a location was minted, and after a revocation
 * @param earlier the pairs before it, latest first, at most {@value #EARLIER}: nothing is thrown away by an error
 * @param changed when this generation came to be
 * @param since when its customer installed the app or, of a revoked one, when that ended; as far as is known
 * @param version of the app that is installed there, as far as HighLevel told
 */
public record Installation(
        InstallationKey key,
        long generation,
        Origin origin,
        Status status,
        String reason,
        Optional<String> companyId,
        Optional<String> userId,
        Set<String> scopes,
        Optional<Tokens> tokens,
        List<Tokens> earlier,
        Instant changed,
        Instant since,
        Optional<AppVersion> version) {

    private static final int EARLIER = 3;

    /** Where its tokens come from. */
    public enum Origin {
        /** From an installation of its own; its refresh token is precious. */
        INSTALLED,
        /** Out of its company's token, again and again. */
        MINTED
    }

    /** How it stands. */
    public enum Status {
        ACTIVE,
        /** Installed from the Marketplace, and nobody has approved it yet. */
        PENDING,
        /** HighLevel says that the location is not active; its token comes back to life with it. */
        PAUSED,
        /** HighLevel takes neither its refresh token nor a reconnect: its customer must install again. */
        LOST,
        /** The operator or the customer ended it. */
        REVOKED
    }

    public Installation {
        scopes = Set.copyOf(scopes);
        earlier = List.copyOf(earlier.subList(0, Math.min(EARLIER, earlier.size())));
        changed = changed.truncatedTo(ChronoUnit.MILLIS);
        since = since.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The company's installation that this one's tokens are minted from. */
    Optional<InstallationKey> parent() {
        return origin == Origin.MINTED
                ? companyId.map(id -> new InstallationKey(key.app(), Resource.company(id)))
                : Optional.empty();
    }

    /** Of a location, the agency it belongs to. */
    public Optional<Resource> company() {
        return key.resource().isCompany() ? Optional.empty() : companyId.map(Resource::company);
    }

    public boolean isPending() {
        return status == Status.PENDING;
    }

    public boolean isRevoked() {
        return status == Status.REVOKED;
    }

    /** Whether requests may use it: it neither waits for approval nor was revoked. */
    boolean stands() {
        return !isPending() && !isRevoked();
    }

    /** Whether losing its refresh token would cost a customer's click. */
    public boolean isPrecious() {
        return origin == Origin.INSTALLED;
    }

    /** The next generation, with a new pair of tokens: whatever was wrong is right again. */
    Installation with(Tokens fresh, Optional<String> knownCompany, Set<String> known, Instant now) {
        var next = next(now);
        next.status = isPending() ? Status.PENDING : Status.ACTIVE;
        next.reason = "";
        next.companyId = knownCompany.or(() -> companyId);
        next.scopes = known.isEmpty() ? scopes : known;
        next.tokens = Optional.of(fresh);
        next.earlier = pairs();
        return next.made();
    }

    /** The next generation, with the same tokens. */
    Installation with(Status found, String why, Instant now) {
        var next = next(now);
        next.status = found;
        next.reason = why;
        return next.made();
    }

    /** The next generation, installed at another time. */
    Installation since(Instant installed, Instant now) {
        var next = next(now);
        next.since = installed;
        return next.made();
    }

    /** The next generation, with another version of the app. */
    Installation version(AppVersion other, Instant now) {
        var next = next(now);
        next.version = Optional.of(other);
        return next.made();
    }

    /** The next generation, without any token. */
    Installation revoked(String why, Instant now, Instant ended) {
        var next = next(now);
        next.status = Status.REVOKED;
        next.reason = why;
        next.tokens = Optional.empty();
        next.earlier = List.of();
        next.since = ended;
        return next.made();
    }

    private Draft next(Instant now) {
        var next = new Draft(this);
        next.generation++;
        next.changed = now;
        return next;
    }

    Installation at(long otherGeneration) {
        var same = new Draft(this);
        same.generation = otherGeneration;
        return same.made();
    }

    /** All pairs that are known, latest first; without one that has no refresh token, for it is worth nothing later. */
    List<Tokens> pairs() {
        return pairs(tokens, earlier);
    }

    private static List<Tokens> pairs(Optional<Tokens> latest, List<Tokens> earlier) {
        return Stream.concat(latest.filter(pair -> pair.refresh().isPresent()).stream(), earlier.stream())
                .toList();
    }

    /** Whether this is a later account, and one of other tokens. */
    boolean hasOtherTokensThan(Installation stale) {
        return generation > stale.generation && tokens.isPresent() && !tokens.equals(stale.tokens);
    }

    /** The same, as what comes after another account of the same installation. */
    Installation after(Installation other) {
        if (descendsFrom(other) || other.tokens().equals(tokens)) {
            return at(other.generation + 1);
        }
        var next = new Draft(this);
        next.generation = other.generation + 1;
        next.earlier = pairs(other.tokens, earlier);
        next.version = version.or(other::version);
        return next.made();
    }

    /**
     * Whether this is the later of two accounts of the same installation. A pair that was got for the other's refresh
     * token is later whatever the generations say: a replica that could not reach the store may have written down that
     * the token fails, not knowing that another had exchanged it.
     */
    boolean isLaterThan(Installation other) {
        if (descendsFrom(other)) {
            return true;
        }
        return !other.descendsFrom(this) && generation > other.generation;
    }

    /** Whether this has the other's tokens, or tokens that were got for them. */
    boolean isOf(Installation other) {
        return tokens.isPresent() && tokens.equals(other.tokens) || descendsFrom(other);
    }

    /** Whether this refresh token is its own, or was. */
    boolean hasHad(Optional<Secret> refreshToken) {
        return refreshToken.isPresent()
                && Stream.concat(tokens.stream(), earlier.stream())
                        .anyMatch(pair -> pair.refresh().equals(refreshToken));
    }

    private boolean descendsFrom(Installation other) {
        return other.tokens
                .flatMap(Tokens::refresh)
                .filter(theirs -> earlier.stream()
                        .anyMatch(mine -> mine.refresh().filter(theirs::equals).isPresent()))
                .isPresent();
    }

    /** Without a token, for logs. */
    @Override
    public String toString() {
        return key + "#" + generation + " " + status;
    }

    /** An installation that is being put together. */
    static final class Draft {

        private final InstallationKey key;
        private final Origin origin;
        long generation = 1;
        Status status = Status.ACTIVE;
        String reason = "";
        Optional<String> companyId = Optional.empty();
        Optional<String> userId = Optional.empty();
        Set<String> scopes = Set.of();
        Optional<Tokens> tokens = Optional.empty();
        List<Tokens> earlier = List.of();
        Instant changed;
        Instant since;
        Optional<AppVersion> version = Optional.empty();

        /** Of one that is new, of which nothing else is known. */
        Draft(InstallationKey key, Origin origin, Instant now) {
            this.key = key;
            this.origin = origin;
            this.changed = now;
            this.since = now;
        }

        private Draft(Installation same) {
            this.key = same.key;
            this.origin = same.origin;
            this.generation = same.generation;
            this.status = same.status;
            this.reason = same.reason;
            this.companyId = same.companyId;
            this.userId = same.userId;
            this.scopes = same.scopes;
            this.tokens = same.tokens;
            this.earlier = same.earlier;
            this.changed = same.changed;
            this.since = same.since;
            this.version = same.version;
        }

        Installation made() {
            return new Installation(
                    key,
                    generation,
                    origin,
                    status,
                    reason,
                    companyId,
                    userId,
                    scopes,
                    tokens,
                    earlier,
                    changed,
                    since,
                    version);
        }
    }
}
