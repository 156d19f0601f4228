package io.ghlgateway;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
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
            "Without --config: GHL_TOKEN and GHL_LOCATION (or GHL_COMPANY) name one tenant."
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
        var loaded = config != null
                ? SettingsLoader.load(config, System.getenv())
                : SettingsLoader.fromEnvironment(System.getenv(), () -> {
                    made[0] = GatewayKey.make(new SecureRandom());
                    return made[0].secret();
                });
        if (loaded instanceof Loaded.Refused refused) {
            refused.problems().forEach(System.err::println);
            return ExitCode.USAGE;
        }
        loaded.warnings().forEach(LOG::warn);
        var settings = ((Loaded.Ready) loaded).settings();
        if (made[0] != null) {
            System.out.println(made[0].shown(Running.isTerminal(), KEY_FILE));
        }
        int loops = Running.loops(settings.proxy().loops());
        var vertx = Running.vertx(loops);
        try {
            run(vertx, loops, settings);
        } catch (Exception failure) {
            vertx.close();
            throw failure;
        }
        return ExitCode.OK;
    }

    private static void run(Vertx vertx, int loops, Settings settings) throws Exception {
        var gateway = Running.await(Gateway.start(vertx, loops, settings), START_WITHIN);
        var drain = settings.drain();
        Running.onShutdown(
                () -> gateway.drain().eventually(vertx::close),
                drain.lameDuck().plus(drain.timeout()).plusSeconds(5));
        gateway.ready()
                .onSuccess(ready ->
                        System.out.println("ready: proxy=" + gateway.proxyUrl() + " admin=" + gateway.adminUrl()));
        Running.forever();
    }
}
