package io.ghlgateway.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who appends is told how it ended, whatever happens to the thread that writes. */
class DurableLogTest {

    private static final byte[] ENTRY = {1};

    private final FakeDisk disk = new FakeDisk();
    private final Contents contents = new Contents();

    @Test
    void aDiskThatThrowsAnErrorFailsWhatWaitsAndAllThatComesLater() throws IOException {
        var log = DurableLog.open(disk, "x.log", contents);
        Await.result(log.append(ENTRY));
        disk.losePowerAfter(0);

        var waiting = log.append(ENTRY);

        assertThat(failure(waiting)).hasMessageContaining("/fake/x.log is not written any more");
        assertThat(failure(log.append(ENTRY))).isInstanceOf(IOException.class).hasMessageContaining("PowerCut");
        Await.result(log.close());
    }

    @Test
    void anErrorWhileItIsShortenedIsSaidToTheNext() throws IOException {
        var log = DurableLog.open(disk, "x.log", contents);
        contents.failure = new StackOverflowError("deep");

        Await.result(log.append(new byte[600_000]));
        Await.result(log.append(new byte[600_000]));

        assertThat(failure(log.append(ENTRY))).hasMessageContaining("StackOverflowError");
        Await.result(log.close());
    }

    @Test
    void aDefectWhileItIsShortenedLeavesItLong() throws IOException {
        var log = DurableLog.open(disk, "x.log", contents);
        contents.failure = new IllegalStateException("defect");

        Await.result(log.append(new byte[600_000]));
        Await.result(log.append(new byte[600_000]));
        Await.result(log.append(ENTRY));

        assertThat(disk.content("x.log")).hasSizeGreaterThan(1_200_000);
        Await.result(log.close());
    }

    private static Throwable failure(Future<Void> future) {
        return Await.result(future.<Throwable>transform((done, cause) -> cause == null
                ? Future.failedFuture(new AssertionError("it did not fail"))
                : Future.succeededFuture(cause)));
    }

    private static final class Contents implements DurableLog.Contents {
        private volatile Throwable failure;

        @Override
        public void add(byte[] entry) {}

        @Override
        public long footprint() {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }

        @Override
        public Stream<byte[]> entries() {
            return Stream.of();
        }
    }
}
