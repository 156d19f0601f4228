package io.ghlgateway;

import io.ghlgateway.simulator.Quantities;
import io.ghlgateway.simulator.RateWindow;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "simulator")
final class SimulatorCommand implements Callable<Integer> {
    @Option(names = "--port")
    int port = 9100;

    @Option(names = "--window")
    RateWindow.Kind window = RateWindow.Kind.SLIDING;

    @Option(names = "--max")
    int max = 100;

    @Option(names = "--interval")
    String interval = "10s";

    @Option(names = "--latency")
    String latency = "40ms..120ms";

    @Option(names = "--token")
    Map<String, String> tokens = Map.of();

    @Override
    public Integer call() throws Exception {
        var v = Running.vertx(1);
        var s = Running.await(
                Simulator.start(
                        v,
                        SimulatorOptions.defaults()
                                .at(port)
                                .counting(window, max, Quantities.duration(interval))
                                .taking(Quantities.range(latency))
                                .opening(tokens)),
                java.time.Duration.ofSeconds(5));
        System.out.println("ready: simulator=" + s.url());
        Running.forever();
        return 0;
    }
}
