package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.util.List;

/**
 * HighLevel's token endpoints. Each call is one request on a connection of its own, never repeated here: who may repeat
 * it, and until when, is the caller's knowledge. Any thread; futures complete on any. Fails with {@link Refused} where
 * HighLevel said no, and with {@link Unanswered} wherever it is unknown what it did.
 */
public interface OAuthApi {

    /** Exchanges an authorization code, which is used up by it. */
    Future<TokenGrant> exchange(OAuthClient client, Secret code);

    /**
     * Exchanges a refresh token, which is used up by it; repeated within HighLevel's grace of 30 s the same one gets the
     * same answer.
     *
     * @param kind whose token it is, sent as {@code user_type}
     */
    Future<TokenGrant> refresh(OAuthClient client, Resource.Kind kind, Secret refreshToken);

    /** A location's token out of its company's. */
    Future<TokenGrant> mint(Secret companyToken, String companyId, String locationId);

    /** Asks for a new authorization code where the refresh token was lost; nobody needs to click. */
    Future<Secret> reconnect(OAuthClient client, Resource resource);

    /** One page of the locations where the app is installed. */
    Future<InstalledLocations> installedLocations(
            Secret companyToken, OAuthClient client, String companyId, int skip, int limit);

    /**
     * @param ids of those on this page where the app is installed
     * @param listed how many this page has; it may be fewer than were asked for though more follow
     * @param total of all pages
     */
    record InstalledLocations(List<String> ids, int listed, int total) {
        public InstalledLocations {
            ids = List.copyOf(ids);
        }
    }

    /** HighLevel refused; nothing was changed by it. */
    final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        /** What the refusal means for a token. */
        public enum Reason {
            /** The refresh token or code is not, or no longer, valid. */
            INVALID_GRANT,
            /** The location is paused or cancelled; the same refresh token works again once it is active. */
            LOCATION_NOT_ACTIVE,
            /** The access token that was sent is not valid. */
            TOKEN_INVALID,
            /** Too many requests. */
            THROTTLED,
            /** Anything else: client id and secret, a scope, a parameter. */
            OTHER
        }

        private final Reason reason;

        /** @param message status and HighLevel's own words; never holds a token */
        public Refused(Reason reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }

        /** Whether it says what became of the refresh token; else an earlier send of the same may still have used it up. */
        public boolean speaksOfToken() {
            return reason == Reason.INVALID_GRANT || reason == Reason.LOCATION_NOT_ACTIVE;
        }
    }

    /** No answer, half of one, or one that HighLevel's token endpoint never gives: it may have acted, or not. */
    final class Unanswered extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean sent;

        /** @param message never holds a token */
        public Unanswered(String message) {
            this(message, true);
        }

        private Unanswered(String message, boolean sent) {
            super(message, null, false, false);
            this.sent = sent;
        }

        /** Nothing left this process, so HighLevel did nothing. */
        public static Unanswered unsent(String message) {
            return new Unanswered(message, false);
        }

        /** Whether anything was sent; where not, what was to be used up is as good as before. */
        public boolean wasSent() {
            return sent;
        }
    }
}
