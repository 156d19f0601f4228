package io.ghlgateway;

import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.LogFormat;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import io.ghlgateway.telemetry.Logs;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.wiring.ConfigSource;
import io.ghlgateway.wiring.ConfigWatch;
import io.ghlgateway.wiring.Gateway;
import io.ghlgateway.wiring.GatewayKey;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Runs the gateway. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Run the gateway.",
            "Without --config: GHL_TOKEN and GHL_LOCATION (or GHL_COMPANY) name one tenant. GHL_GATEWAY_KEY, GHL_BASE_URL,",
            "GHL_PROXY_HOST, GHL_PROXY_PORT, GHL_ADMIN_PORT, GHL_REDIS_URI and GHL_REDIS_CLUSTER may be set too;",
            "a key that is made is shown on a terminal, else kept in data/gateway.key."
        })
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Path KEY_FILE = Path.of("data", "gateway.key");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; conf/gateway.yaml is the reference.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        var made = new GatewayKey[1];
        var kept = config == null ? GatewayKey.kept(KEY_FILE) : Optional.<Secret>empty();
        var source = Optional.ofNullable(config).map(file -> new ConfigSource(file, System.getenv()));
        var loaded = source.isPresent()
                ? source.get().load()
                : SettingsLoader.fromEnvironment(
                        System.getenv(),
                        () -> kept.orElseGet(() -> {
                            made[0] = GatewayKey.make(new SecureRandom());
                            return made[0].secret();
                        }));
        if (loaded instanceof Loaded.Refused refused) {
            refused.problems().forEach(System.err::println);
            return ExitCode.USAGE;
        }
        var settings = ((Loaded.Ready) loaded).settings();
        if (settings.logFormat() == LogFormat.JSON) {
            Logs.writeJson(); // before anything is logged
        }
        loaded.warnings().forEach(LOG::warn);
        int loops = Running.loops(settings.proxy().loops());
        var vertx = Running.vertx(loops);
        try {
            run(vertx, loops, settings, source, Optional.ofNullable(made[0]));
        } catch (Exception failure) {
            vertx.close();
            throw failure;
        }
        return ExitCode.OK;
    }

    private static void run(
            Vertx vertx, int loops, Settings settings, Optional<ConfigSource> source, Optional<GatewayKey> made)
            throws Exception {
        var gateway =
                Running.await(Gateway.start(vertx, loops, settings, source, Rehearsal.of(settings)), START_WITHIN);
        source.ifPresent(from -> gateway.reload().ifPresent(reload -> ConfigWatch.start(vertx, from, reload)));
        if (made.isPresent()) { // only now: a start that fails must not replace the key of one that runs
            System.out.println(made.get().shown(Running.isTerminal(), KEY_FILE));
        }
        var drain = settings.drain();
        // Its loops end with the process: once they have, nobody is left to say that they did.
        var endsByItself = Running.onShutdown(
                gateway::drain, drain.lameDuck().plus(drain.timeout()).plusSeconds(5));
        gateway.ready()
                .onSuccess(ready -> System.out.println("ready: proxy=" + gateway.proxyUrl() + " admin="
                        + gateway.adminUrl()
                        + gateway.publicUrl().map(url -> " public=" + url).orElse("")));
        try {
            Running.until(gateway.ready());
        } catch (Exception failure) { // which is not to end as well as being told to stop
            endsByItself.run();
            throw failure;
        }
    }
}
