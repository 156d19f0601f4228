package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.Callers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerViewTest {

    @Test
    void aQuotaIsShownAsFarAsItIsSet() {
        var rate = new CallerQuota.Rate(50, Duration.ofSeconds(10));

        assertThat(quota(new CallerQuota(Optional.of(rate), Optional.of(20), Optional.of(30))))
                .isEqualTo(new JsonObject("""
                                {"rate": {"requests": 50, "per-ms": 10000}, "concurrency": 20, "share-percent": 30}"""));
        assertThat(quota(new CallerQuota(Optional.empty(), Optional.of(20), Optional.empty())))
                .isEqualTo(new JsonObject("{\"concurrency\": 20}"));
    }

    private static JsonObject quota(CallerQuota quota) {
        var caller = Callers.any("sync", quota);
        return CallerView.of(caller, Set.of(), key -> Optional.empty(), Instant.EPOCH, true)
                .getJsonObject("quota");
    }
}
