package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.http.Flaw;
import io.ghlgateway.http.RequestForm;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** What a request must be before anything of it is believed: {@link RequestForm}, and a path with one meaning. */
public final class RequestRules {

    private RequestRules() {}

    /**
     * What is wrong with a request line by itself, for whom it ever is: as the door would say it.
     *
     * @param uri the request target as it would be sent
     */
    public static Optional<Refusal> brokenLine(RouteCatalogue routes, HttpMethod method, String uri) {
        return RequestForm.method(method)
                .or(() -> RequestForm.target(uri))
                .map(RequestRules::refusal)
                .or(() -> ambiguous(routes, method, RequestForm.path(uri)))
                .or(() -> new TokenPaths(Optional.empty()).refusal(method, RequestForm.path(uri)));
    }

    /** What is wrong with the request, if anything, but for an {@link #ambiguous} path. */
    static Optional<Refusal> broken(HttpServerRequest request) {
        return RequestForm.flaw(request).map(RequestRules::refusal);
    }

    /** A path that another server could take for another operation, or another tenant's. */
    static Optional<Refusal> ambiguous(RouteCatalogue routes, HttpMethod method, String path) {
        return routes.isAmbiguous(method, path)
                ? Optional.of(
                        Refusal.of(
                                Code.BAD_REQUEST,
                                "a percent-encoded character, ';' or '//' in this path would let it be read as another operation or tenant"))
                : Optional.empty();
    }

    static Refusal refusal(Flaw flaw) {
        return Refusal.of(
                switch (flaw.status()) {
                    case 405 -> Code.METHOD_NOT_ALLOWED;
                    case 414 -> Code.URI_TOO_LONG;
                    case 417 -> Code.EXPECTATION_UNKNOWN;
                    case 421 -> Code.MISDIRECTED;
                    case 431 -> Code.HEAD_TOO_LARGE;
                    case 501 -> Code.CODING_UNKNOWN;
                    case 505 -> Code.VERSION_UNKNOWN;
                    default -> Code.BAD_REQUEST;
                },
                flaw.detail());
    }
}
