package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeftoversTest {

    private static final int MUCH = 4_000_000;

    /** Pieces after which a response that is paused pauses its connection, and some more. */
    private static final int ENOUGH = 8;

    private final List<HttpContent> came = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> full = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    @Test
    void whatAnAnswerLeftBehindIsGivenBackWhenItsConnectionIsCut() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var server = await(vertx.createHttpServer()
                    .requestHandler(request -> request.response().end(Buffer.buffer(new byte[MUCH])))
                    .listen(0, "127.0.0.1"));
            var client =
                    vertx.httpClientBuilder().withConnectHandler(this::watched).build();
            var connection = await(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                    .compose(request -> request.send())
                    .map(response -> {
                        response.pause();
                        return response.request().connection();
                    }));
            full.get(60, TimeUnit.SECONDS);
            ((ConnectionBase) connection).context().runOnContext(now -> Cut.through(connection));
            settled.get(60, TimeUnit.SECONDS);

            assertThat(came).hasSizeGreaterThan(ENOUGH).allMatch(content -> content.refCnt() == 0);
        } finally {
            await(vertx.close());
        }
    }

    private void watched(HttpConnection connection) {
        Leftovers.giveBack(connection);
        var channel = ((ConnectionBase) connection).channel();
        channel.pipeline().addBefore("handler", "seen", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpContent content) {
                    came.add(content);
                }
                context.fireChannelRead(message);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext context) {
                context.fireChannelReadComplete();
                if (came.size() > ENOUGH) {
                    full.complete(null);
                }
            }
        });
        // Two turns of the loop later: what closing does is done in the first.
        channel.closeFuture()
                .addListener(closed ->
                        channel.eventLoop().execute(() -> channel.eventLoop().execute(() -> settled.complete(null))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
