package io.ghlgateway;

import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantField;
import io.vertx.core.http.HttpMethod;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Explains what a path gets. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "List the known operations, or explain what one request gets: routes GET /contacts/abc")
final class RoutesCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "METHOD")
    private @Nullable String method;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH")
    private @Nullable String path;

    @Override
    public Integer call() {
        var routes = RouteCatalogue.load();
        if (method == null) {
            routes.routes().stream()
                    .sorted(Comparator.comparing(Route::template)
                            .thenComparing(route -> route.method().name()))
                    .forEach(route -> System.out.printf(
                            "%-7s %-10s %-9s %s%n",
                            route.method(),
                            route.defaultVersion(),
                            route.tokenKind().name().toLowerCase(Locale.ROOT),
                            route.template()));
        } else if (path == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a METHOD needs a PATH: routes GET /contacts/abc");
        } else if (!path.startsWith("/")) {
            throw new CommandLine.ParameterException(spec.commandLine(), "a PATH begins with '/': /contacts/abc");
        } else {
            explain(routes.match(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path));
        }
        return ExitCode.OK;
    }

    private static void explain(Route route) {
        System.out.println("route:     "
                + (route.isKnown()
                        ? route.method() + " " + route.template()
                        : "not in the catalogue; passes as it is"));
        System.out.println("version:   " + route.defaultVersion() + " unless the caller sends one");
        System.out.println("token:     " + route.tokenKind().name().toLowerCase(Locale.ROOT)
                + (route.oauthOnly() ? ", OAuth only (a private integration token is refused)" : ""));
        System.out.println("tenant:    "
                + (route.tenantFields().isEmpty()
                        ? "named by header, or the caller's default"
                        : "also named by "
                                + route.tenantFields().stream()
                                        .map(TenantField::describe)
                                        .distinct()
                                        .collect(Collectors.joining(", "))));
        System.out.println(
                "scopes:    " + (route.scopes().isEmpty() ? "not documented" : String.join(" ", route.scopes())));
        System.out.println("metrics:   route=\"" + route.label() + "\"");
    }
}
