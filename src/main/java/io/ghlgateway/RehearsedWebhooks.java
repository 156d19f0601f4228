package io.ghlgateway;

import io.ghlgateway.highlevel.WebhookSignature;
import io.ghlgateway.tenancy.App;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Webhooks as HighLevel's, signed with a key that nobody has had before and nobody keeps. */
final class RehearsedWebhooks {

    /** Few: beside it the rest of the gateway starts, and on the same machine others may serve. */
    private static final int AT_ONCE = 2;

    /** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
    private static final int KEY_PREFIX = 16;

    private final HttpClient client;
    private final App app;
    private final KeyPair pair;
    private final Ed25519PrivateKeyParameters key;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile Future<Void> sent = Future.succeededFuture();

    RehearsedWebhooks(Vertx vertx, App app) {
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(AT_ONCE));
        this.app = app;
        this.pair = pair();
        this.key = new Ed25519PrivateKeyParameters(pair.getPrivate().getEncoded(), KEY_PREFIX);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    /** How many were answered with a 2xx so far. */
    int taken() {
        return taken.get();
    }

    /** A few at once, each as soon as one is answered; completes when all are. */
    Future<Void> send(URI door, int count) {
        left.set(count);
        sent = Future.join(
                        IntStream.range(0, AT_ONCE).mapToObj(one -> next(door)).toList())
                .mapEmpty();
        return sent;
    }

    /** Sends no more; completes, always, when nothing is under way. */
    Future<Void> stop() {
        left.set(0);
        return sent.otherwiseEmpty();
    }

    private Future<Void> next(URI door) {
        return left.getAndDecrement() <= 0
                ? Future.succeededFuture()
                : post(door, body()).compose(answered -> next(door));
    }

    private Future<Void> post(URI door, byte[] body) {
        var signature = new byte[Ed25519.SIGNATURE_SIZE];
        key.sign(Ed25519.Algorithm.Ed25519, null, body, 0, body.length, signature, 0);
        var target = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(door.toString());
        return client.request(target)
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .putHeader(
                                WebhookSignature.ED25519_HEADER,
                                Base64.getEncoder().encodeToString(signature))
                        .send(Buffer.buffer(body)))
                .compose(response -> {
                    taken.addAndGet(response.statusCode() / 100 == 2 ? 1 : 0);
                    return response.end();
                });
    }

    private byte[] body() {
        return new JsonObject()
                .put("type", "ContactCreate")
                .put("webhookId", UUID.randomUUID().toString())
                .put("timestamp", InstantSource.system().instant().toString())
                .put("appId", app.id())
                .put("locationId", app.id())
                .put("id", UUID.randomUUID().toString())
                .put("name", "Ada Lovelace")
                .put("tags", new JsonArray().add("one").add("two"))
                .put(
                        "customFields",
                        new JsonArray().add(new JsonObject().put("id", "note").put("value", "a number")))
                .toBuffer()
                .getBytes();
    }
}
