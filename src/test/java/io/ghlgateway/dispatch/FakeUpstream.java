package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An upstream that answers as the test says: 200 unless something else was lined up. */
final class FakeUpstream implements Upstream {

    final List<String> sent = new ArrayList<>();
    final List<Secret> bearers = new ArrayList<>();
    final ArrayDeque<Future<Reply>> answers = new ArrayDeque<>();
    final ArrayDeque<Failed> connectFailures = new ArrayDeque<>();
    boolean slowToConnect;
    final ArrayDeque<Promise<Exchange>> connecting = new ArrayDeque<>();
    int open;
    int discarded;

    @Override
    public Future<Exchange> connect(UpstreamRequest request, Secret bearer) {
        if (!connectFailures.isEmpty()) {
            return Future.failedFuture(connectFailures.remove());
        }
        if (slowToConnect) {
            Promise<Exchange> promise = Promise.promise();
            connecting.add(promise);
            return promise.future();
        }
        bearers.add(bearer);
        return Future.succeededFuture(exchange(request));
    }

    Exchange exchange(UpstreamRequest request) {
        open++;
        return new Exchange() {
            private boolean over;

            @Override
            public Future<Reply> send() {
                sent.add(request.uri());
                return answers.isEmpty() ? Future.succeededFuture(reply(200)) : answers.remove();
            }

            @Override
            public void abandon() {
                if (!over) {
                    over = true;
                    open--;
                }
            }
        };
    }

    Reply reply(int status, String... headers) {
        return reply(status, Optional.empty(), headers);
    }

    /** @param seen what a look at its body shows */
    Reply reply(int status, Optional<Buffer> seen, String... headers) {
        var map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        return new Reply() {
            @Override
            public int status() {
                return status;
            }

            @Override
            public MultiMap headers() {
                return map;
            }

            @Override
            public Future<Optional<Buffer>> peek(int most) {
                return Future.succeededFuture(seen);
            }

            @Override
            public Future<Void> relayTo(WriteStream<Buffer> sink) {
                return Future.succeededFuture();
            }

            @Override
            public void discard() {
                discarded++;
            }
        };
    }
}
