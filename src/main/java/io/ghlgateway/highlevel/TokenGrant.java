package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What HighLevel's token endpoints answer, checked for being whole.
 *
 * @param resource whose token it is, as {@code userType} says: a company id comes also with a location's token
 * @param companyId the agency; empty where HighLevel did not say
 * @param expiresIn life left when the answer was written
 * @param refreshToken single-use; empty where none came (a token minted for a location need not have one)
 * @param isBulk whether an agency installed for its locations, so that these are to be listed
 */
public record TokenGrant(
        Resource resource,
        Optional<String> companyId,
        Optional<String> userId,
        Secret accessToken,
        Optional<Secret> refreshToken,
        Duration expiresIn,
        Set<String> scopes,
        boolean isBulk) {

    public TokenGrant {
        scopes = Set.copyOf(scopes);
    }
}
