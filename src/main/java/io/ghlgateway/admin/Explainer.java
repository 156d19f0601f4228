package io.ghlgateway.admin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Tells what a request would meet at the proxy door. */
@FunctionalInterface
public interface Explainer {

    /**
     * A request that is not made.
     *
     * @param uri path and query, still encoded; begins with a slash
     * @param caller its name
     * @param tenant an alias, or HighLevel's id of a location or company
     * @param app as {@code X-GHL-App}
     * @param patience as {@code Prefer: wait=} has it, in seconds
     * @param urgency as {@code Priority: u=} has it
     */
    record Question(
            HttpMethod method,
            String uri,
            String caller,
            Optional<String> tenant,
            Optional<String> app,
            Optional<String> patience,
            Optional<Integer> urgency) {}

    /** The question names somebody who is not known. */
    final class Unknown extends Exception {

        private static final long serialVersionUID = 1;

        private final transient List<String> problems;

        /** @param problems for each name what is wrong with it and what may have been meant */
        public Unknown(List<String> problems) {
            super(String.join("; ", problems), null, false, false);
            this.problems = problems;
        }

        List<String> problems() {
            return problems;
        }
    }

    /**
     * Sends nothing, spends nothing, renews nothing. Off the event loops, for it may look through all names.
     *
     * @return an answer without secrets; fails with {@link Unknown}
     */
    Future<JsonObject> explain(Question question);
}
