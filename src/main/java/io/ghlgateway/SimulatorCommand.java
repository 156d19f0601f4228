package io.ghlgateway;

import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Allowance;
import io.ghlgateway.simulator.Durations;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.simulator.WindowKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Runs the simulated HighLevel. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description = "Run a HighLevel to test against: quotas, private tokens, OAuth, records and scripted faults.")
final class SimulatorCommand implements Callable<Integer> {

    private static final Duration START_WITHIN = Duration.ofSeconds(60);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--port", defaultValue = "9100", description = "0 takes any free one; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--window",
            defaultValue = "sliding",
            paramLabel = "KIND",
            description = "anchored, clock, sliding, counter or bucket; default: ${DEFAULT-VALUE}.")
    private String window;

    @Option(names = "--max", defaultValue = "100", description = "Calls in one interval; default: ${DEFAULT-VALUE}.")
    private int max;

    @Option(names = "--interval", defaultValue = "10s", description = "Default: ${DEFAULT-VALUE}.")
    private String interval;

    @Option(
            names = "--phase",
            paramLabel = "TIME",
            description = "How far clock and counter windows lie behind the epoch's grid; else random.")
    private @Nullable String phase;

    @Option(names = "--also", paramLabel = "N/TIME", description = "A second window that must admit a call too: 20/1s.")
    private @Nullable String also;

    @Option(names = "--daily", defaultValue = "200000", description = "Calls a day; default: ${DEFAULT-VALUE}.")
    private long daily;

    @Option(
            names = "--latency",
            defaultValue = "40ms..120ms",
            description = "One time, or a range that it is evenly spread over; default: ${DEFAULT-VALUE}.")
    private String latency;

    @Option(
            names = "--tail",
            defaultValue = "0%x1",
            paramLabel = "SHARE",
            description = "1%%x5: one answer in a hundred takes 5 times as long; default: none.")
    private String tail;

    @Option(
            names = "--token",
            paramLabel = "TOKEN=ID",
            description =
                    "A valid token and its location (or company:ID), with :scopes=A,B if not all; repeatable. Without any, every pit-… token is valid and has a quota of its own.")
    private Map<String, String> tokens = Map.of();

    @Option(names = "--counts-refused", description = "Refused calls take their place in the window too.")
    private boolean countsRefused;

    @Option(names = "--retry-after", description = "A 429 carries Retry-After, which HighLevel's does not.")
    private boolean retryAfter;

    @Option(names = "--no-rate-headers", description = "Answers carry none of the six rate headers.")
    private boolean noRateHeaders;

    @Option(names = "--strict", description = "422 to calls that lack the location their operation needs.")
    private boolean strict;

    @Option(names = "--gzip", description = "Compress every answer for those who accept it, not only from 1 KB.")
    private boolean gzip;

    @Option(
            names = "--event-gap",
            defaultValue = "1s",
            paramLabel = "TIME",
            description = "Between the events of a stream (/mcp/); default: ${DEFAULT-VALUE}.")
    private String eventGap;

    @CommandLine.Mixin
    private SimulatedApps apps = new SimulatedApps();

    @Override
    public Integer call() throws Exception {
        var options = options();
        var vertx = Running.vertx(1);
        try {
            var simulator = Running.await(Simulator.startWarm(vertx, options), START_WITHIN);
            // Only now: a start that fails ends by itself, and not well.
            Running.onShutdown(vertx::close, START_WITHIN);
            System.out.println("ready: simulator=" + simulator.url());
            Running.forever();
        } finally {
            vertx.close();
        }
        return ExitCode.OK;
    }

    private SimulatorOptions options() {
        try {
            var accounts = new LinkedHashMap<String, Account>();
            tokens.forEach((token, account) -> accounts.put(token, Account.parse(account)));
            var options = SimulatorOptions.builder()
                    .port(port)
                    .window(WindowKind.parse(window))
                    .limit(max, Durations.parse(interval))
                    .daily(daily)
                    .latency(Latency.parse(latency).withTail(tail))
                    .countsRefused(countsRefused)
                    .retryAfter(retryAfter)
                    .rateHeaders(!noRateHeaders)
                    .strict(strict)
                    .gzip(gzip)
                    .eventGap(Durations.parse(eventGap))
                    .tokens(accounts)
                    .oauth(apps.options());
            if (phase != null) {
                options.phase(Durations.parse(phase));
            }
            if (also != null) {
                options.also(Allowance.parse(also));
            }
            return options.build();
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }
}
