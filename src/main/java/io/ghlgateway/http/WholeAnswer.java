package io.ghlgateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** What another server answers, read whole. Not what it says of its length counts, but what comes. */
public final class WholeAnswer {

    private WholeAnswer() {}

    /**
     * On the answer's event loop, before any of its body came.
     *
     * @param most bytes that it may have
     * @return fails where there are more, or it breaks off; whoever asked ends the exchange then
     */
    public static Future<Buffer> read(HttpClientResponse answer, int most) {
        var whole = Promise.<Buffer>promise();
        var body = Buffer.buffer();
        answer.exceptionHandler(whole::tryFail);
        answer.endHandler(end -> whole.tryComplete(body));
        answer.handler(part -> {
            if (body.length() + part.length() > most) {
                whole.tryFail("its answer is larger than " + most + " bytes");
            } else {
                body.appendBuffer(part);
            }
        });
        return whole.future();
    }
}
