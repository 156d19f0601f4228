package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.Installation;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.ghlgateway.simulator.oauth.UserType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which bearer tokens are valid, and under which name their calls are counted. Owned by the simulator's event loop.
 */
final class TokenAuthority {

    /**
     * What a valid token gives.
     *
     * @param resource the account's id or, where tokens are not listed, the token's last characters. Never a whole
     *     token: it is shown in the statistics.
     * @param account absent where tokens are not listed: then every location may be named
     * @param isPrivate whether it is a private integration's, not OAuth's
     * @param installation whose token it is, where an app was given it
     */
    record Grant(String resource, Optional<Account> account, boolean isPrivate, Optional<Installation> installation) {

        /** The name that the quota is kept under: each app has one of its own for the same resource. */
        String quota() {
            return installation.map(held -> held.app().appId() + ":" + resource).orElse(resource);
        }

        /** An app's company token reaches the company's own locations alone. */
        boolean reaches(String location) {
            return installation
                    .map(held -> held.reaches(location))
                    .orElseGet(
                            () -> account.map(owner -> owner.reaches(location)).orElse(true));
        }

        boolean mayDo(Set<String> scopes) {
            return account.map(owner -> owner.mayDo(scopes)).orElse(true);
        }
    }

    private static final String PRIVATE = "pit-";

    private final Map<String, Account> listed;
    private final Map<String, Grant> seen = new HashMap<>();
    private final Map<String, Integer> namesakes = new HashMap<>();

    private final Marketplace marketplace;

    TokenAuthority(Map<String, Account> listed, Marketplace marketplace) {
        this.listed = listed;
        this.marketplace = marketplace;
    }

    /** What is said to a caller who has no grant. */
    Wording refusal(@Nullable String authorization) {
        boolean oauth = authorization == null
                || marketplace.hasApps() && !token(authorization).startsWith(PRIVATE);
        return oauth ? Wording.INVALID_JWT : Wording.PRIVATE_TOKEN_INVALID;
    }

    /** @param authorization the request's {@code Authorization} header, if it has one */
    Optional<Grant> grant(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        String token = token(authorization);
        if (listed.containsKey(token)) {
            Account owner = listed.get(token);
            return Optional.of(new Grant(owner.id(), Optional.of(owner), token.startsWith(PRIVATE), Optional.empty()));
        }
        Optional<Installation> installation = marketplace.bearer(token);
        if (installation.isPresent()) {
            return installation.map(TokenAuthority::grant);
        }
        if (!listed.isEmpty() || !token.startsWith(PRIVATE) || token.length() <= PRIVATE.length()) {
            return Optional.empty();
        }
        return Optional.of(seen.computeIfAbsent(token, this::newcomer));
    }

    private static Grant grant(Installation installation) {
        Account.Kind kind = installation.type() == UserType.COMPANY ? Account.Kind.COMPANY : Account.Kind.LOCATION;
        Account account = new Account(kind, installation.resource(), Optional.of(Set.copyOf(installation.scopes())));
        return new Grant(installation.resource(), Optional.of(account), false, Optional.of(installation));
    }

    private static String token(String authorization) {
        return authorization.replaceFirst("(?i)^Bearer ", "").strip();
    }

    private Grant newcomer(String token) {
        // Six characters, or fewer of a short token, so that the name never is the secret.
        String name = "token-" + token.substring(Math.max(token.length() - 6, PRIVATE.length()));
        int count = namesakes.merge(name, 1, Integer::sum);
        return new Grant(count == 1 ? name : name + "-" + count, Optional.empty(), true, Optional.empty());
    }
}
