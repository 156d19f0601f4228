package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.CallerQuota;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallerQuotaSettingsTest {

    private static final String CONFIG = """
            tenants:
              - {id: acme, location: loc1, token: pit-1}
            callers:
              - {name: sync, key: k1, tenants: [acme], quota: %s}
            """;

    @Test
    void readsWhatACallerMayHaveAtMost() {
        assertThat(quota("{rate: {requests: 50, per: 10s}, concurrency: 20, share: 50%}"))
                .contains(new CallerQuota(
                        Optional.of(new CallerQuota.Rate(50, Duration.ofSeconds(10))),
                        Optional.of(20),
                        Optional.of(50)));
        assertThat(quota("{share: 100%}"))
                .contains(new CallerQuota(Optional.empty(), Optional.empty(), Optional.of(100)));
    }

    @Test
    void saysWhatIsWrongWithAQuota() {
        assertThat(problems("{rate: {requests: 0}, concurrency: 0, share: 50}"))
                .contains("callers[0].quota.rate.requests: expected a whole number from 1")
                .contains("callers[0].quota.rate: per is missing")
                .contains("callers[0].quota.concurrency: expected a whole number from 1")
                .contains("callers[0].quota.share: expected a whole percentage from 1% to 100%, found '50'");
        assertThat(problems("{}")).contains("a quota sets one of them at least");
        assertThat(problems("{shares: 5%}")).contains("callers[0].quota.shares: unknown key; did you mean 'share'?");
        assertThat(problems("{rate: {requests: 5, per: 500ms}}"))
                .contains("callers[0].quota.rate.per: expected a duration from 1s to 1d");
    }

    @Test
    void aReserveIsAtMostHalfAndForTheOneClassThereIs() {
        var file = Path.of("gateway.yaml");
        var refused = (Loaded.Refused) SettingsLoader.parse(file, "limits: {reserve: {interactiv: 51%}}", Map.of());
        var tooMuch = (Loaded.Refused) SettingsLoader.parse(file, "limits: {reserve: {interactive: 51%}}", Map.of());

        assertThat(String.join("\n", refused.problems()))
                .contains("limits.reserve.interactiv: unknown key; did you mean 'interactive'?");
        assertThat(String.join("\n", tooMuch.problems()))
                .contains("limits.reserve.interactive: expected a whole percentage from 1% to 50%, found '51%'");
    }

    private static Optional<CallerQuota> quota(String yaml) {
        return ((Loaded.Ready) load(yaml)).settings().callers().get(0).caller().quota();
    }

    private static String problems(String yaml) {
        return String.join("\n", ((Loaded.Refused) load(yaml)).problems());
    }

    private static Loaded load(String yaml) {
        return SettingsLoader.parse(Path.of("gateway.yaml"), CONFIG.formatted(yaml), Map.of());
    }
}
