package io.ghlgateway.simulator;

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
     * @param resource the name that the quota is kept under: the account's id or, where tokens are not listed, the
     *     token's last characters. Never a whole token: it is shown in the statistics.
     * @param account absent where tokens are not listed: then every location may be named
     * @param isPrivate whether it is a private integration's, not OAuth's
     */
    record Grant(String resource, Optional<Account> account, boolean isPrivate) {

        boolean reaches(String location) {
            return account.map(owner -> owner.reaches(location)).orElse(true);
        }

        boolean mayDo(Set<String> scopes) {
            return account.map(owner -> owner.mayDo(scopes)).orElse(true);
        }
    }

    private static final String PRIVATE = "pit-";

    private final Map<String, Account> listed;
    private final Map<String, Grant> seen = new HashMap<>();
    private final Map<String, Integer> namesakes = new HashMap<>();

    TokenAuthority(Map<String, Account> listed) {
        this.listed = listed;
    }

    /** @param authorization the request's {@code Authorization} header, if it has one */
    Optional<Grant> grant(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        String token = authorization.substring(7).strip();
        if (listed.containsKey(token)) {
            Account owner = listed.get(token);
            return Optional.of(new Grant(owner.id(), Optional.of(owner), token.startsWith(PRIVATE)));
        }
        if (!listed.isEmpty() || !token.startsWith(PRIVATE) || token.length() <= PRIVATE.length()) {
            return Optional.empty();
        }
        return Optional.of(seen.computeIfAbsent(token, this::newcomer));
    }

    private Grant newcomer(String token) {
        // Six characters, or fewer of a short token, so that the name never is the secret.
        String name = "token-" + token.substring(Math.max(token.length() - 6, PRIVATE.length()));
        int count = namesakes.merge(name, 1, Integer::sum);
        return new Grant(count == 1 ? name : name + "-" + count, Optional.empty(), true);
    }
}
