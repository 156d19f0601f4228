package io.ghlgateway.install;

import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.util.Optional;

/** What becomes of a customer who said yes: the code is exchanged, and what it gives is kept. Any thread. */
public interface CodeExchange {

    /**
     * Completes an installation, for which the code is used up.
     *
     * @param pending whether it must be approved before it may be used
     * @return fails with {@link OAuthApi.Refused} or {@link OAuthApi.Unanswered} where the exchange did; any other failure
     *     is ours
     */
    Future<Connected> complete(App app, Secret code, boolean pending);

    /**
     * What was connected.
     *
     * @param resource as HighLevel says, never as the browser does
     * @param locations how many locations can be used by it, itself included where it is one
     * @param pending whether that waits for an operator's approval
     */
    record Connected(Resource resource, Optional<String> companyId, int locations, boolean pending) {}
}
