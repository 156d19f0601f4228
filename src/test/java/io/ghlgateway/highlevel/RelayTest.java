package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What came with a reply's head, and what came later; the source says all of it by hand, on the event loop. */
class RelayTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Source source = new Source();
    private final Sink sink = new Sink();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void aBodyThatCameWithItsHeadGoesOnWithItsEnd() throws Exception {
        await(relayed(() -> {
            source.piece("abc");
            source.end();
        }));

        assertThat(sink.heard).containsExactly("end abc");
    }

    @Test
    void ofSeveralPiecesTheLastGoesOnWithTheEnd() throws Exception {
        await(relayed(() -> {
            source.piece("abc");
            source.piece("def");
            source.end();
        }));

        assertThat(sink.heard).containsExactly("write abc", "end def");
    }

    @Test
    void aPieceWaitsForNoOther() throws Exception {
        var relayed = relayed(() -> source.piece("abc"));
        await(sink.wrote.future());

        assertThat(sink.heard).containsExactly("write abc");

        loop.runOnContext(later -> {
            source.piece("def");
            source.end();
        });
        await(relayed);
        assertThat(sink.heard).containsExactly("write abc", "write def", "end");
    }

    @Test
    void whatCameBeforeTheBreakGoesOnBeforeIt() throws Exception {
        var relayed = relayed(() -> {
            source.piece("abc");
            source.breakOff();
        });

        assertThatThrownBy(() -> await(relayed)).hasMessageContaining("broken");
        assertThat(sink.heard).containsExactly("write abc");
    }

    private Future<Void> relayed(Runnable atOnce) {
        var done = Promise.<Void>promise();
        loop.runOnContext(go -> {
            var hour = Duration.ofHours(1);
            new Relay(vertx, new ReplyBody(source.response), hour, sink, hour)
                    .start()
                    .onComplete(done);
            atOnce.run();
        });
        return done.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** A response of which only the body matters. */
    private static final class Source {

        private final Map<String, Handler<Object>> handlers = new HashMap<>();

        private final HttpClientResponse response = (HttpClientResponse) Proxy.newProxyInstance(
                Source.class.getClassLoader(), new Class<?>[] {HttpClientResponse.class}, (self, method, arguments) -> {
                    if (arguments != null) {
                        handlers.put(method.getName(), handler(arguments[0]));
                    }
                    return self;
                });

        @SuppressWarnings("unchecked")
        private static Handler<Object> handler(Object handler) {
            return (Handler<Object>) handler;
        }

        void piece(String text) {
            handlers.get("handler").handle(Buffer.buffer(text));
        }

        void end() {
            handlers.get("endHandler").handle(null);
        }

        void breakOff() {
            handlers.get("exceptionHandler").handle(new IllegalStateException("broken"));
        }
    }

    private static final class Sink implements WriteStream<Buffer> {

        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Promise<Void> wrote = Promise.promise();

        @Override
        public Future<Void> write(Buffer piece) {
            heard.add("write " + piece);
            wrote.tryComplete();
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            heard.add("end");
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end(Buffer last) {
            heard.add("end " + last);
            return Future.succeededFuture();
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int most) {
            return this;
        }
    }
}
