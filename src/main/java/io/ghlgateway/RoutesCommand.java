package io.ghlgateway;

import io.ghlgateway.edge.RequestRules;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantField;
import io.ghlgateway.highlevel.TokenKind;
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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

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
            throw wrong("--config needs a METHOD and a PATH: routes --config FILE GET /contacts/abc");
        }
        if (method == null) {
            list(routes);
            return ExitCode.OK;
        }
        if (path == null) {
            throw wrong("a METHOD needs a PATH: routes GET /contacts/abc");
        }
        var asked = method();
        if (!path.startsWith("/")) {
            throw wrong("a PATH begins with '/': /contacts/abc");
        }
        var limits = limits();
        if (limits.isEmpty()) {
            return ExitCode.USAGE;
        }
        var refusal = RequestRules.brokenLine(routes, asked, path);
        if (refusal.isPresent()) {
            var code = refusal.get().code();
            say("refused:   " + code.status() + " " + code.wire() + ", "
                    + refusal.get().detail());
            return ExitCode.OK;
        }
        explain(routes.match(asked, path.split("\\?", 2)[0]));
        limits.get().stream()
                .filter(limit -> limit.match().matches(path))
                .forEach(limit -> say("limit:     " + said(limit) + ", beside the key's quota"));
        return ExitCode.OK;
    }

    private HttpMethod method() {
        if (!TOKEN.matcher(method).matches()) {
            throw wrong("a METHOD is a word such as GET, not '" + method + "' (RFC 9110, section 9.1)");
        }
        return HttpMethod.valueOf(method.toUpperCase(Locale.ROOT));
    }

    private void list(RouteCatalogue routes) {
        routes.routes().stream()
                .sorted(Comparator.comparing(Route::template)
                        .thenComparing(route -> route.method().name()))
                .forEach(route -> say(String.format(
                        "%-7s %-10s %-9s %s",
                        route.method(), route.defaultVersion(), word(route.tokenKind()), route.template())));
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
        ((Loaded.Refused) loaded).problems().forEach(spec.commandLine().getErr()::println);
        return Optional.empty();
    }

    /** {@code 300 requests per 60000 ms on /agent-studio/** for each location}. */
    static String said(RouteLimit limit) {
        return limit
                + switch (limit.scope()) {
                    case LOCATION -> " for each location";
                    case APP -> " for all locations together";
                    case CALLER -> " for one caller";
                };
    }

    private void explain(Route route) {
        say("route:     "
                + (route.isKnown()
                        ? route.method() + " " + route.template()
                        : "not in the catalogue; passes as it is"));
        say("version:   " + route.defaultVersion() + " unless the caller sends one");
        say("token:     " + word(route.tokenKind())
                + (route.oauthOnly() ? ", OAuth only (a private integration token is refused)" : ""));
        var naming = fields(route, route::isNamedBy);
        say("tenant:    "
                + (naming.isEmpty()
                        ? "named by header, or the caller's default"
                        : "named by header, " + naming + "; else the caller's default"));
        var targets = fields(route, field -> !route.isNamedBy(field));
        if (!targets.isEmpty()) {
            say("acts on:   " + targets + "; a tenant that is named there must be in the caller's reach");
        }
        say("scopes:    "
                + (route.scopes().isEmpty() ? "not documented" : String.join(" ", new TreeSet<>(route.scopes()))));
        say("metrics:   route=\"" + route.label() + "\"");
    }

    private static String fields(Route route, Predicate<TenantField> which) {
        return route.tenantFields().stream()
                .filter(which)
                .map(TenantField::describe)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String word(TokenKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }

    private CommandLine.ParameterException wrong(String what) {
        return new CommandLine.ParameterException(spec.commandLine(), what);
    }
}
