package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What HighLevel's token endpoints answer, checked for being whole.
 *
 * @param said whose token it is, as {@code userType} says: a company id comes also with a location's token; empty only
 *     after a refresh, which is for an account that is known and need not be named again
 * @param companyId the agency; empty where HighLevel did not say
 * @param expiresIn life left when the answer was written
 * @param refreshToken single-use; empty where none came (a token minted for a location need not have one)
 */
public record TokenGrant(
        Optional<Resource> said,
        Optional<String> companyId,
        Optional<String> userId,
        Secret accessToken,
        Optional<Secret> refreshToken,
        Duration expiresIn,
        Set<String> scopes) {

    public TokenGrant {
        scopes = Set.copyOf(scopes);
    }

    /** Of a grant that is not a refresh's. */
    public Resource resource() {
        return said.orElseThrow();
    }

    /** Whether this can be the token of that account: nothing says that it is another's. */
    public boolean canBeOf(Resource resource) {
        return said.map(resource::equals).orElse(true);
    }
}
