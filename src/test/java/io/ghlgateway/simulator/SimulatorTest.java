package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.await;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    @Test
    void failsToStartOnATakenPort() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().build())) {
            SimulatorOptions same = prompt().port(upstream.simulator().port()).build();

            assertThatThrownBy(() -> await(Simulator.start(upstream.vertx(), same)))
                    .hasRootCauseInstanceOf(BindException.class);
        }
    }

    @Test
    void takesNoCallsOnceClosed() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().build())) {
            upstream.get("/contacts/c1");

            await(upstream.simulator().close());

            assertThatThrownBy(() -> upstream.get("/contacts/c1")).hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void takesAnyPrivateTokenWhereNoneAreListedButNoOtherKind() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().build())) {
            assertThat(status(upstream, "pit-anything")).isEqualTo(200);
            assertThat(status(upstream, "pit-")).isEqualTo(401);
            assertThat(status(upstream, "gw_a_caller_key_that_leaked_through")).isEqualTo(401);
        }
    }

    @Test
    void tellsWhatItsControlPathsAre() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().build())) {
            var answer = upstream.send(upstream.bare("GET", "/_simulator/stat", ""));

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("GET stats, POST reset, GET, POST or DELETE faults");
        }
    }

    @Test
    void whatWarmedItUpIsNowhereToBeSeen() {
        var vertx = Vertx.vertx();
        try {
            var options = prompt().limit(5, Duration.ofSeconds(10)).tokens(Map.of("pit-a", Account.parse("locA")));

            var simulator = await(Simulator.startWarm(vertx, options.build()));

            assertThat(simulator.stats().accepted()).isZero();
            assertThat(simulator.stats().refused()).isZero();
            assertThat(simulator.stats().resources()).isEmpty();
        } finally {
            await(vertx.close());
        }
    }

    private static int status(RunningSimulator upstream, String token) {
        return upstream.send(upstream.bare("GET", "/locations/any", "")
                        .header("Authorization", "Bearer " + token)
                        .header("Version", "v3"))
                .statusCode();
    }
}
