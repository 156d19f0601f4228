package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RequestBody.SenderFailed;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedStreamTest {

    private final Source source = new Source();
    private final List<Runnable> alarms = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> chunks = new ArrayList<>();
    private final BoundedStream stream = new BoundedStream(
            source,
            10,
            (delay, action) -> {
                alarms.add(action);
                return () -> alarms.remove(action);
            },
            Duration.ofSeconds(60));

    BoundedStreamTest() {
        stream.handler(chunk -> chunks.add(chunk.toString()));
        stream.endHandler(end -> chunks.add("end"));
        stream.exceptionHandler(failures::add);
    }

    @Test
    void passesOnWhatIsShortEnough() {
        stream.resume();

        source.chunk.handle(Buffer.buffer("0123456789"));
        source.end.handle(null);

        assertThat(chunks).containsExactly("0123456789", "end");
        assertThat(failures).isEmpty();
        assertThat(alarms).as("timers left").isEmpty();
    }

    @Test
    void failsOnceWhenItGrowsTooLong() {
        stream.resume();

        source.chunk.handle(Buffer.buffer("01234567890"));
        source.chunk.handle(Buffer.buffer("x"));

        assertThat(chunks).isEmpty();
        assertThat(failures).singleElement().isInstanceOf(SenderFailed.class);
        assertThat(alarms).isEmpty();
    }

    @Test
    void failsWhenItIsWantedAndSilent() {
        stream.resume();

        ring(); // silence is told from the resume that just was
        ring();

        assertThat(failures).hasSize(1);
    }

    @Test
    void isNotSlowWhenItWasPausedAlmostUntilTheTimeRanOut() {
        stream.resume();
        source.chunk.handle(Buffer.buffer("a"));
        stream.pause();
        stream.resume();

        ring();

        assertThat(failures).isEmpty();
    }

    @Test
    void leavesNoTimerBehindOnceNothingMoreIsWanted() {
        stream.resume();
        stream.pause();

        ring();

        assertThat(failures).isEmpty();
        assertThat(alarms).isEmpty();
    }

    @Test
    void isWatchedAgainWhenItIsWantedAgain() {
        stream.resume();
        stream.pause();
        ring();
        stream.resume();

        ring();

        assertThat(failures).hasSize(1);
    }

    @Test
    void tellsWhoReadsNextOfAFailureThatCameWhileNobodyRead() {
        stream.resume();
        stream.pause();

        source.failed.handle(new IllegalStateException("bad chunk"));
        assertThat(failures).isEmpty();
        stream.resume();
        stream.resume();

        assertThat(failures).hasSize(1);
    }

    @Test
    void tellsAtOnceThatTheSenderIsGoneAndAgainToWhoReadsNext() {
        stream.resume();
        stream.pause();

        source.failed.handle(new HttpClosedException("gone"));
        assertThat(failures).hasSize(1);
        var next = new ArrayList<Throwable>();
        stream.exceptionHandler(next::add);
        stream.resume();

        assertThat(next).singleElement().isInstanceOf(SenderFailed.class);
    }

    private void ring() {
        var due = List.copyOf(alarms);
        alarms.clear();
        due.forEach(Runnable::run);
    }

    private static final class Source implements ReadStream<Buffer> {
        private Handler<Buffer> chunk = buffer -> {};
        private Handler<Void> end = nothing -> {};
        private Handler<Throwable> failed = cause -> {};

        @Override
        public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
            failed = handler;
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(Handler<Buffer> handler) {
            chunk = handler;
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(Handler<Void> handler) {
            end = handler;
            return this;
        }
    }
}
