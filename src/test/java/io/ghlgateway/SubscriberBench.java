package io.ghlgateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An internal service that is posted to, and answers as it is told. */
final class SubscriberBench implements AutoCloseable {

    /** What was posted. */
    record Post(String uri, Map<String, String> headers, String body) {}

    final List<Post> posts = new CopyOnWriteArrayList<>();
    volatile int status = 200;
    volatile String answer = "";
    /** It answers when this has completed. */
    volatile Future<Void> until = Future.succeededFuture();

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    SubscriberBench() {
        server = TestBed.await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
                    request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
                    posts.add(new Post(request.uri(), headers, body.toString()));
                    until.onComplete(may -> request.response()
                            .setStatusCode(status)
                            .putHeader("Location", "https://elsewhere.example/back?code=1")
                            .putHeader("Set-Cookie", "not=passed")
                            .end(answer));
                }))
                .listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/events";
    }

    @Override
    public void close() {
        TestBed.await(vertx.close());
    }
}
