package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenKind;
import java.util.Optional;
import java.util.Set;

/** Whether an installation's tokens open an operation. */
final class Fitting {

    private Fitting() {}

    /** Why a token of its kind does not, whatever its scopes. */
    static Optional<Unavailable> wrongKind(Installation installation, Route route) {
        var resource = installation.key().resource();
        if (route.tokenKind() == TokenKind.AGENCY && !resource.isCompany()) {
            return Optional.of(new Unavailable(
                    Unavailable.Reason.WRONG_KIND,
                    "this operation takes an agency's token, and " + resource + " is a location; name its company"));
        }
        if (route.tokenKind() == TokenKind.LOCATION && resource.isCompany()) {
            return Optional.of(new Unavailable(
                    Unavailable.Reason.WRONG_KIND,
                    "this operation takes a location's token, and " + resource
                            + " is an agency; name one of its locations"));
        }
        return Optional.empty();
    }

    /** The scopes it lacks; none where its scopes are not known. */
    static Set<String> missing(Installation installation, Route route) {
        return installation.scopes().isEmpty() ? Set.of() : route.missing(installation.scopes());
    }

    /** @param missing at least one */
    static Unavailable lacking(Installation installation, Set<String> missing) {
        return new Unavailable(
                Unavailable.Reason.SCOPE_MISSING,
                "the installation of the app '" + installation.key().app() + "' at "
                        + installation.key().resource() + " lacks the scope " + String.join(", ", missing)
                        + "; add it to the app and install it again");
    }
}
