package io.ghlgateway.admin;

import io.vertx.core.Future;
import java.util.List;

/** Takes over the configuration as it is written now. Any thread. */
public interface Reloader {

    /**
     * What came of it.
     *
     * @param changed what is in force now and was not; no secrets
     * @param warnings of the configuration
     */
    record Reloaded(List<String> changed, List<String> warnings) {
        public Reloaded {
            changed = List.copyOf(changed);
            warnings = List.copyOf(warnings);
        }
    }

    /** Nothing was changed. */
    final class NotReloaded extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient List<String> problems;

        /** @param problems all that is wrong, without secrets */
        public NotReloaded(List<String> problems) {
            super(String.join("; ", problems), null, false, false);
            this.problems = List.copyOf(problems);
        }

        public List<String> problems() {
            return problems;
        }
    }

    /** Fails with {@link NotReloaded} where something is wrong, or needs a restart, and then nothing is changed. */
    Future<Reloaded> reload();
}
