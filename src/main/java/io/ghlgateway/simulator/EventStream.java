package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;

/**
 * Server-sent events, as WHATWG's HTML standard writes them: the head and the first one at once, each next one after the
 * gap, then the end.
 *
 * @param events whole frames, each with its empty line
 */
record EventStream(Vertx vertx, Duration gap, List<String> events) implements Reply {

    static final String CONTENT_TYPE = "text/event-stream";

    EventStream {
        events = List.copyOf(events);
    }

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        Promise<Void> done = Promise.promise();
        response.closeHandler(gone -> done.tryFail("the caller has gone"));
        response.exceptionHandler(done::tryFail);
        begin(response);
        next(response, 0, done);
        return done.future().compose(sent -> response.end());
    }

    @Override
    public Future<Void> sendHalfTo(HttpServerResponse response) {
        begin(response);
        return response.write(String.join("", events.subList(0, events.size() / 2)));
    }

    private static void begin(HttpServerResponse response) {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    private void next(HttpServerResponse response, int index, Promise<Void> done) {
        if (done.future().isComplete()) {
            return;
        }
        Future<Void> written = response.write(events.get(index)).onFailure(done::tryFail);
        if (index == events.size() - 1) {
            written.onSuccess(last -> done.tryComplete());
        } else {
            vertx.setTimer(gap.toMillis(), due -> next(response, index + 1, done));
        }
    }
}
