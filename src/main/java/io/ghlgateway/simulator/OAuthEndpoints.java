package io.ghlgateway.simulator;

import io.ghlgateway.simulator.TokenAuthority.Grant;
import io.ghlgateway.simulator.oauth.Denial;
import io.ghlgateway.simulator.oauth.Installation;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.ghlgateway.simulator.oauth.Ruling;
import io.ghlgateway.simulator.oauth.TokenPair;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two operations that a company's OAuth token is for: making tokens of its locations, and listing the locations in
 * which the app is. They spend the company's quota like any other. That a wrong company or app is "Forbidden resource" is
 * chosen here.
 */
final class OAuthEndpoints {

    private static final Set<String> MINTS = Set.of("POST /oauth/locationToken", "POST /oauth/location-token");
    private static final Set<String> LISTS = Set.of("GET /oauth/installedLocations", "GET /oauth/installed-locations");

    private final Marketplace marketplace;

    OAuthEndpoints(Marketplace marketplace) {
        this.marketplace = marketplace;
    }

    boolean isMeant(Visit visit) {
        return marketplace.hasApps() && (mints(visit) || lists(visit));
    }

    Answer reply(Visit visit, Grant grant, MultiMap query, ReceivedBody body) {
        if (grant.installation().isEmpty()) {
            return visit.refusal(Wording.INVALID_JWT); // listed by name, and so nobody's installation
        }
        Installation company = grant.installation().get();
        if (lists(visit)) {
            return new InstalledLocations(marketplace, company, visit, query).answer();
        }
        return TokenCall.read(visit, body)
                .map(call -> mint(visit, company, call))
                .orElseGet(() -> visit.refusal(400, "Unexpected token in JSON"));
    }

    private Answer mint(Visit visit, Installation company, TokenCall call) {
        Optional<Answer> incomplete = visit.voice().incomplete(List.of("companyId", "locationId"), call::text);
        if (incomplete.isPresent()) {
            return incomplete.get();
        }
        if (call.text("companyId").filter(company.resource()::equals).isEmpty()) {
            return visit.refusal(Wording.FORBIDDEN_RESOURCE);
        }
        Ruling ruling = marketplace.mint(company, call.text("locationId").orElseThrow());
        if (ruling instanceof TokenPair pair) {
            return visit.voice()
                    .json(200, TokenJson.ofLocation(pair, visit.voice().thirdGeneration()));
        }
        Denial denial = (Denial) ruling;
        return visit.refusal(denial == Denial.FOREIGN_LOCATION ? 403 : 400, denial.message());
    }

    private static boolean mints(Visit visit) {
        return MINTS.contains(visit.method() + " " + visit.path());
    }

    private static boolean lists(Visit visit) {
        return LISTS.contains(visit.method() + " " + visit.path());
    }
}
