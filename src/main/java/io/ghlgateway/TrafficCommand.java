package io.ghlgateway;

import io.ghlgateway.simulator.Arrivals;
import io.ghlgateway.simulator.Durations;
import io.ghlgateway.simulator.Traffic;
import io.ghlgateway.simulator.TrafficOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Drives load at a gateway and says what became of it. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        description = {
            "Send requests at a fixed mean rate, whether or not earlier ones were answered.",
            "The last line printed is JSON. Requests to a real HighLevel spend its quota."
        })
final class TrafficCommand implements Callable<Integer> {

    private static final Duration BEYOND = Duration.ofMinutes(10);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--url", required = true, description = "The gateway: http://host:port.")
    private String url;

    @Option(names = "--key", required = true, description = "A caller's key; repeatable, each request draws one.")
    private List<String> keys;

    @Option(names = "--rate", defaultValue = "10", description = "Requests a second; default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--for", defaultValue = "30s", paramLabel = "TIME", description = "Default: ${DEFAULT-VALUE}.")
    private String duration;

    @Option(
            names = "--arrivals",
            defaultValue = "poisson",
            description = "poisson or uniform; default: ${DEFAULT-VALUE}.")
    private Arrivals arrivals;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "Sent with each request; repeatable.")
    private Map<String, String> headers = Map.of();

    @Option(names = "--target", paramLabel = "'METHOD /path'", description = "Repeatable; {n} becomes a number.")
    private List<String> targets = List.of();

    @Option(names = "--wait", paramLabel = "TIME", description = "Patience of each request (Prefer: wait).")
    private @Nullable String patience;

    @Option(
            names = "--max",
            description = "The quota that quota_used is measured against; else what the answers state, or 100.")
    private @Nullable Integer max;

    @Option(names = "--interval", description = "The quota's interval; else what the answers state, or 10s.")
    private @Nullable String interval;

    @Option(names = "--simulator", paramLabel = "URL", description = "Take the upstream's own counts from there.")
    private @Nullable String simulator;

    @Override
    public Integer call() throws Exception {
        var options = options();
        var vertx = Running.vertx(1);
        try {
            var most = options.duration().plus(options.drain()).plus(BEYOND);
            var report = Running.await(Traffic.run(vertx, options), most);
            if (report.countedAnew()) {
                System.err.println("the simulator was started anew or reset meanwhile: accepted_upstream, upstream_429"
                        + " and quota_used are of the time since then");
            }
            report.notOk().ifPresent(ends -> System.err.println("not ok: " + ends));
            System.out.println(report.toJson().encode());
        } finally {
            vertx.close();
        }
        return ExitCode.OK;
    }

    private TrafficOptions options() {
        try {
            var options = TrafficOptions.builder(url, keys.get(0))
                    .keys(keys)
                    .rate(rate)
                    .duration(Durations.parse(duration))
                    .arrivals(arrivals)
                    .headers(headers);
            if (max != null || interval != null) {
                options.limit(max == null ? 100 : max, Durations.parse(interval == null ? "10s" : interval));
            }
            if (!targets.isEmpty()) {
                options.targets(targets);
            }
            if (patience != null) {
                options.patience(Durations.parse(patience));
            }
            if (simulator != null) {
                options.simulator(simulator);
            }
            return options.build();
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }
}
