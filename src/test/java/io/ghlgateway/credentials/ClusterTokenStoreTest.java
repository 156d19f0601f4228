package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.TestCluster;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a Cluster of three. */
class ClusterTokenStoreTest extends SharedTokenStoreContract {

    @RegisterExtension
    static final RedisOfClass<TestCluster> REDIS = RedisOfClass.cluster();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }

    @Test
    void aLeaseWhoseKeysAreJustMovedToAnotherNodeIsTakenOnceTheyAreThere() {
        Await.result(store.release(Await.result(store.lease(HERE, "me", LONG)).orElseThrow()));
        var leases = new ArrayList<Future<Optional<Lease>>>();

        REDIS.server().move("{" + HERE + "}", () -> leases.add(store.lease(HERE, "me", LONG)));

        assertThat(leases).isNotEmpty().allMatch(lease -> Await.result(lease).isPresent());
    }
}
