package io.ghlgateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.ProxySettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.settings.TlsSettings;
import io.ghlgateway.settings.WebhookSettings;
import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Durations;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.simulator.Traffic;
import io.ghlgateway.simulator.TrafficOptions;
import io.ghlgateway.simulator.TrafficReport;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.wiring.Gateway;
import io.ghlgateway.wiring.GatewayKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** A gateway, a simulated HighLevel and two busy callers in one process, on the loopback alone. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Run a gateway before a simulated HighLevel, with traffic: nothing to install, nothing to configure.")
final class DemoCommand implements Callable<Integer> {

    private static final String HOST = "127.0.0.1";
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration BEYOND = Duration.ofMinutes(2);
    /** Offered to each busy location: a fifth more than its quota. */
    private static final double RATE = 12;

    /** Code runs slowly the first times, upstream's as well as ours: locations of their own bear that. */
    private static final List<String> WARM_UP = List.of("warm-up-1", "warm-up-2", "warm-up-3", "warm-up-4");

    private static final Duration WARM_UP_LASTS = Duration.ofSeconds(2);
    /** All of them together stay below their quotas. */
    private static final double WARM_UP_RATE = 150;

    private static final List<String> BUSY = List.of("busy-one", "busy-two");
    private static final String YOURS = "demo";
    /** The one that the README's examples name. */
    private static final String YOUR_LOCATION = "ve9EPM428h8vShlRW1KT";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--for", paramLabel = "TIME", description = "End by itself after this time; else on Ctrl-C.")
    private @Nullable String duration;

    @Option(names = "--port", defaultValue = "8080", description = "0 takes any free one; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--admin-port", defaultValue = "9091", description = "Default: ${DEFAULT-VALUE}.")
    private int adminPort;

    @Option(names = "--public-port", defaultValue = "8081", description = "Default: ${DEFAULT-VALUE}.")
    private int publicPort;

    private final SecureRandom random = new SecureRandom();
    private final DemoNeighbours neighbours = new DemoNeighbours(
            GatewayKey.make(random).secret(), GatewayKey.make(random).secret());
    private final List<TenantSettings> tenants = new ArrayList<>();
    private final List<CallerSettings> callers = new ArrayList<>();
    private final List<String> busyKeys = new ArrayList<>();
    private volatile @Nullable Gateway running;

    @Override
    public Integer call() throws Exception {
        var lasts = lasts();
        // A line for each answer would bury what the demo shows.
        ((Logger) LoggerFactory.getLogger("access")).setLevel(Level.OFF);
        var key = Optional.ofNullable(System.getenv("GHL_GATEWAY_KEY"))
                .filter(given -> !given.isBlank())
                .map(Secret::of)
                .orElseGet(() -> GatewayKey.make(random).secret());
        join(YOURS, YOUR_LOCATION, key, Reach.EVERY); // those too who come by a click
        for (var busy : BUSY) {
            busyKeys.add(join(busy));
        }
        tenants.add(neighbours.tenant());
        callers.addAll(neighbours.callers());
        var warmUpKeys = WARM_UP.stream().map(this::join).toList();
        int loops = Running.loops(0);
        var vertx = Running.vertx(loops);
        // HighLevel has threads of its own: on one of the gateway's it would date what came while that one was busy.
        var theirs = Running.vertx(1);
        var endsByItself = Running.onShutdown(this::drain, START_WITHIN);
        try {
            run(vertx, theirs, loops, key, warmUpKeys, lasts);
        } finally {
            endsByItself.run();
            vertx.close();
            theirs.close();
        }
        return ExitCode.OK;
    }

    private Future<Void> drain() {
        var begun = running;
        return begun == null ? Future.succeededFuture() : begun.drain();
    }

    private void run(Vertx vertx, Vertx theirs, int loops, Secret key, List<String> warmUpKeys, Duration lasts)
            throws Exception {
        var app = DemoApp.at(HOST, port == 0 ? 0 : publicPort);
        var simulator = Running.await(Simulator.startWarm(theirs, simulatorOptions(app)), START_WITHIN);
        var gateway = Running.await(
                Gateway.start(vertx, loops, settings(URI.create(simulator.url()), app), Optional.empty()),
                START_WITHIN);
        Running.await(gateway.ready(), START_WITHIN);
        running = gateway;
        var warmUp = TrafficOptions.builder(gateway.proxyUrl(), warmUpKeys.get(0))
                .keys(warmUpKeys)
                .rate(WARM_UP_RATE)
                .duration(WARM_UP_LASTS)
                .build();
        Running.await(Traffic.run(vertx, warmUp), START_WITHIN.plus(warmUp.drain()));
        var customers = neighbours.moveIn(
                vertx,
                simulator.url(),
                app.client(),
                gateway.credentials().kept().orElseThrow());
        Running.await(customers, START_WITHIN);
        System.out.printf(
                Locale.ROOT,
                "a gateway at %s before a simulated HighLevel at %s; metrics at %s/metrics%n"
                        + "console:       %s/console%n"
                        + "your key:      %s%n"
                        + "your location: %s%n"
                        + "your call:     curl -i -H 'Authorization: Bearer %s' %s/contacts/abc%n"
                        + "one more customer: open %s and choose %s; then%n"
                        + "               curl -i -H 'Authorization: Bearer %s' '%s/contacts/?locationId=%s'%n",
                gateway.proxyUrl(),
                simulator.url(),
                gateway.adminUrl(),
                gateway.adminUrl(),
                key.reveal(),
                YOUR_LOCATION,
                key.reveal(),
                gateway.proxyUrl(),
                app.link(),
                DemoApp.LOCATION,
                key.reveal(),
                gateway.proxyUrl(),
                DemoApp.LOCATION);
        neighbours.live(vertx, gateway.proxyUrl(), lasts);
        var live = new LiveLine(Running.isTerminal(), gateway::waiting);
        var options = TrafficOptions.builder(gateway.proxyUrl(), busyKeys.get(0))
                .keys(busyKeys)
                .rate(RATE * BUSY.size())
                .duration(lasts)
                .limit(100 * BUSY.size(), Duration.ofSeconds(10))
                .simulator(simulator.url())
                .resources(BUSY.stream().map(DemoCommand::locationOf).collect(Collectors.toSet()))
                .build();
        TrafficReport report = Running.await(
                Traffic.run(vertx, options, live::show),
                lasts.plus(options.drain()).plus(BEYOND));
        live.end();
        Running.await(gateway.drain(), START_WITHIN);
        System.out.println(report.toJson().encode());
    }

    private Duration lasts() {
        try {
            return duration == null ? Duration.ofDays(365) : Durations.parse(duration);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--for: " + wrong.getMessage());
        }
    }

    /** One tenant with a location and a private token of its own, and the caller that may use it. */
    private void join(String name, String location, Secret key, Reach reach) {
        tenants.add(new TenantSettings(
                new Tenant(name, App.PRIVATE, Resource.location(location)), Optional.of(Secret.of("pit-" + name))));
        callers.add(CallerSettings.of(name, CallerKey.of(key), reach, Optional.of(name)));
    }

    /** With a key made for it, which is returned. */
    private String join(String name) {
        var made = GatewayKey.make(random).secret();
        join(name, locationOf(name), made, Reach.of(Set.of(name)));
        return made.reveal();
    }

    private static String locationOf(String name) {
        return "location-of-" + name;
    }

    private SimulatorOptions simulatorOptions(DemoApp app) {
        var tokens = new LinkedHashMap<String, Account>();
        tenants.forEach(tenant -> tenant.token()
                .ifPresent(token -> tokens.put(
                        token.reveal(), Account.parse(tenant.tenant().resource().id()))));
        return neighbours
                .known(app.known(SimulatorOptions.builder().host(HOST).tokens(tokens)))
                .build();
    }

    private Settings settings(URI upstream, DemoApp app) {
        var limits = Settings.Limits.DEFAULTS;
        return new Settings(
                ProxySettings.DEFAULTS.at(HOST, port),
                app.door(),
                Settings.Admin.DEFAULTS.at(HOST, adminPort),
                TlsSettings.NONE,
                Settings.Upstream.DEFAULTS.at(upstream),
                Optional.empty(),
                limits.withoutJournal(),
                Settings.QUEUE,
                Settings.Retry.DEFAULTS,
                Settings.Drain.DEFAULTS,
                List.of(app.settings(upstream)),
                app.credentials(),
                WebhookSettings.DEFAULTS,
                tenants,
                callers,
                List.of(),
                Settings.LOG_FORMAT,
                Optional.empty());
    }
}
