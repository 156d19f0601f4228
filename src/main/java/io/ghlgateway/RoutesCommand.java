package io.ghlgateway;

import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantField;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "whose endpoint limits to show; those that hold by default if not given")
    private @Nullable Path config;

    @Override
    public Integer call() {
        var routes = RouteCatalogue.load();
        if (config != null && path == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--config needs a METHOD and a PATH: routes --config FILE GET /contacts/abc");
        }
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
            var limits = limits();
            if (limits.isEmpty()) {
                return ExitCode.USAGE;
            }
            explain(routes.match(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path.split("\\?", 2)[0]));
            limits.get().stream()
                    .filter(limit -> limit.match().matches(path))
                    .forEach(limit -> System.out.println("limit:     " + said(limit) + ", beside the key's quota"));
        }
        return ExitCode.OK;
    }

    /** Empty when the configuration is refused, which was then said. */
    private Optional<List<RouteLimit>> limits() {
        if (config == null) {
            return Optional.of(Settings.Limits.DEFAULTS.routes());
        }
        var loaded = SettingsLoader.load(config, System.getenv());
        if (loaded instanceof Loaded.Ready ready) {
            return Optional.of(ready.settings().limits().routes());
        }
        ((Loaded.Refused) loaded).problems().forEach(System.err::println);
        return Optional.empty();
    }

    /** {@code 300 requests per 60000 ms on /agent-studio/** for each location}. */
    static String said(RouteLimit limit) {
        return limit
                + switch (limit.scope()) {
                    case LOCATION -> " for each location";
                    case APP -> " for all locations together";
                };
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
