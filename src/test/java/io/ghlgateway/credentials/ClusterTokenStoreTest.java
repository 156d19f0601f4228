package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.TestCluster;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a Cluster of three. */
class ClusterTokenStoreTest extends SharedTokenStoreContract {

    private static TestCluster redis;
    private static RedisLink control;

    @BeforeAll
    static void start() throws IOException {
        redis = TestCluster.started();
        control = connected(RedisLink.to(redis.address(), PATIENT, Ticker.systemTicker()));
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(control.close());
        redis.close();
    }

    @Override
    RedisLink control() {
        return control;
    }

    @Override
    RedisLink link(Duration commandTimeout) {
        return RedisLink.to(redis.address(), commandTimeout, Ticker.systemTicker());
    }

    @Test
    void aLeaseWhoseKeysAreJustMovedToAnotherNodeIsTakenOnceTheyAreThere() {
        Await.result(store.release(Await.result(store.lease(HERE, "me", LONG)).orElseThrow()));
        var leases = new ArrayList<Future<Optional<Lease>>>();

        redis.move("{" + HERE + "}", () -> leases.add(store.lease(HERE, "me", LONG)));

        assertThat(leases).isNotEmpty().allMatch(lease -> Await.result(lease).isPresent());
    }
}
