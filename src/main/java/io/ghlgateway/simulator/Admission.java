package io.ghlgateway.simulator;

import io.ghlgateway.simulator.TokenAuthority.Grant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom HighLevel lets in, and with which of its wordings it turns others away. In this order: the {@code Version}, the
 * path under that version, the kind of token, its scopes, the location.
 *
 * <p>Chosen here, since HighLevel's own is not known: 401 as the status of "user type is not yet supported", "Invalid
 * JWT" for a private token where only OAuth's are taken, and the opportunities as the service that answers 401 instead
 * of 403 to a foreign location.
 */
final class Admission {

    private static final Set<String> VERSIONS = Set.of("v3", "2023-02-21", "2021-07-28", "2021-04-15", "legacy");
    private static final Set<String> UNPUBLISHED_WITHOUT_VERSION = Set.of("/oauth/reconnect", "/oauth/billing/webhook");
    private static final Set<String> SERVICES_THAT_SAY_401 = Set.of("opportunities");

    private final boolean requiresVersion;

    Admission(boolean requiresVersion) {
        this.requiresVersion = requiresVersion;
    }

    /** What is wrong with the {@code Version}; said before quota is spent. */
    Optional<Answer> wrongVersion(Visit visit) {
        if (!requiresVersion || visit.isOwn() || Mcp.isMeant(visit.path())) {
            return Optional.empty();
        }
        Optional<String> version = visit.header("Version");
        boolean needed = visit.operation()
                .map(Operation::needsVersion)
                .orElseGet(() -> !UNPUBLISHED_WITHOUT_VERSION.contains(visit.path()));
        if (version.isEmpty()) {
            return needed ? Optional.of(visit.refusal(401, "version header was not found.")) : Optional.empty();
        }
        return version.filter(VERSIONS::contains).isPresent()
                ? Optional.empty()
                : Optional.of(visit.refusal(401, "version header is invalid"));
    }

    /** @param locations those that the call names */
    Optional<Answer> refuse(Visit visit, Grant grant, Set<String> locations) {
        return visit.operation()
                .flatMap(operation -> unreachable(visit, operation)
                        .or(() -> wrongToken(visit, grant, operation))
                        .or(() -> missingScope(visit, grant, operation)))
                .or(() -> foreignLocation(visit, grant, locations));
    }

    private Optional<Answer> unreachable(Visit visit, Operation operation) {
        boolean old = !visit.version().equals("v3");
        return requiresVersion && old && operation.isNew()
                ? Optional.of(visit.refusal(404, "Cannot " + visit.method() + " " + visit.path()))
                : Optional.empty();
    }

    private static Optional<Answer> wrongToken(Visit visit, Grant grant, Operation operation) {
        if (operation.refusesPrivateTokens() && grant.isPrivate()) {
            return Optional.of(visit.refusal(Wording.INVALID_JWT));
        }
        Optional<Account.Kind> kind = grant.account().map(Account::kind);
        List<PublishedRow> rows = operation.rows(visit.version());
        if (kind.isEmpty() || rows.stream().anyMatch(row -> row.takes(kind.get()))) {
            return Optional.empty();
        }
        boolean forbidden =
                kind.get() == Account.Kind.LOCATION && !operation.module().equals("oauth");
        return Optional.of(
                forbidden ? visit.refusal(Wording.FORBIDDEN_RESOURCE) : visit.refusal(Wording.USER_TYPE_UNSUPPORTED));
    }

    private static Optional<Answer> missingScope(Visit visit, Grant grant, Operation operation) {
        boolean allowed = operation.rows(visit.version()).stream().anyMatch(row -> grant.mayDo(row.scopes()));
        if (allowed) {
            return Optional.empty();
        }
        return Optional.of(
                operation.module().equals("oauth")
                        ? visit.voice().invalid(List.of(Wording.SCOPE_MISSING.message()))
                        : visit.refusal(Wording.SCOPE_MISSING));
    }

    private static Optional<Answer> foreignLocation(Visit visit, Grant grant, Set<String> locations) {
        if (locations.stream().allMatch(grant::reaches)) {
            return Optional.empty();
        }
        return Optional.of(
                visit.operation()
                                .map(Operation::module)
                                .filter(SERVICES_THAT_SAY_401::contains)
                                .isPresent()
                        ? visit.refusal(Wording.LOCATION_INACCESSIBLE)
                        : visit.refusal(Wording.LOCATION_FORBIDDEN));
    }
}
