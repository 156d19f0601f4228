package io.ghlgateway.admin;

import io.ghlgateway.tenancy.Secret;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a route of the admin API answers: a JSON object, or nothing at all where the status says everything.
 *
 * @param body encoded by who makes the answer, so that a large one is not encoded on the event loop
 */
record Answer(int status, Buffer body) {

    static Answer of(int status, JsonObject body) {
        return new Answer(status, body.toBuffer());
    }

    static Answer ok(JsonObject body) {
        return of(200, body);
    }

    static Answer created(JsonObject body) {
        return of(201, body);
    }

    static Answer gone() {
        return new Answer(204, Buffer.buffer());
    }

    /** A refusal, which says what is wrong and what would be right; never quotes a secret. */
    static final class Problem extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int status;
        private final transient List<String> problems;

        private Problem(int status, List<String> problems) {
            super(Secret.blotted(String.join("; ", problems)), null, false, false);
            this.status = status;
            this.problems = problems.stream().map(Secret::blotted).toList();
        }

        static Problem of(int status, String detail) {
            return new Problem(status, List.of(detail));
        }

        /** @param problems all that is wrong with what was sent */
        static Problem bad(List<String> problems) {
            return new Problem(400, problems);
        }

        int status() {
            return status;
        }

        JsonObject body() {
            var body = new JsonObject()
                    .put("type", "about:blank")
                    .put("status", status)
                    .put("detail", getMessage());
            return problems.size() > 1 ? body.put("problems", new JsonArray(problems)) : body;
        }
    }
}
