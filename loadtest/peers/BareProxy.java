import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * A reverse proxy and nothing else, in as little code as Vert.x allows, on the gateway's own versions: what the gateway
 * costs above it is what the gateway does. A server and a client for each core. {@code BareProxy PORT UPSTREAM_PORT}.
 */
public final class BareProxy extends VerticleBase {

    private final int port;
    private final int upstream;
    private HttpClient client;

    private BareProxy(int port, int upstream) {
        this.port = port;
        this.upstream = upstream;
    }

    public static void main(String[] args) {
        int loops = Runtime.getRuntime().availableProcessors();
        int port = Integer.parseInt(args[0]);
        int upstream = Integer.parseInt(args[1]);
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true))
                .deployVerticle(() -> new BareProxy(port, upstream), new DeploymentOptions().setInstances(loops))
                .onSuccess(id -> System.out.println("ready: proxy=http://127.0.0.1:" + port))
                .onFailure(Throwable::printStackTrace);
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(256));
        return vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(this::forward)
                .listen();
    }

    private void forward(HttpServerRequest request) {
        request.pause();
        client.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(upstream)
                        .setMethod(request.method())
                        .setURI(request.uri()))
                .compose(open -> send(request, open))
                .onSuccess(answer -> answer(request, answer))
                .onFailure(broken -> request.response().setStatusCode(502).end());
    }

    private static Future<HttpClientResponse> send(HttpServerRequest request, HttpClientRequest open) {
        open.headers().setAll(request.headers()).remove("Host");
        return open.send(request);
    }

    private static void answer(HttpServerRequest request, HttpClientResponse answer) {
        var response = request.response().setStatusCode(answer.statusCode());
        response.headers().setAll(answer.headers());
        answer.pipe().endOnFailure(false).to(response).onFailure(broken -> response.reset());
    }
}
