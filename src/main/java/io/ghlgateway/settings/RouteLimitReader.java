package io.ghlgateway.settings;

import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.limits.RouteLimit.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the limits of endpoints. */
final class RouteLimitReader {

    static final Kind<Integer> REQUESTS = Kind.whole(1, 1_000_000);
    static final Kind<Duration> PER = Kind.duration(RouteLimit.SHORTEST, RouteLimit.LONGEST);

    private final Duration guard;
    private final Map<List<Object>, Integer> lines = new HashMap<>();

    /** @param guard which every limit's interval must outlast */
    RouteLimitReader(Duration guard) {
        this.guard = guard;
    }

    List<RouteLimit> read(Section limits) {
        return limits.sections("routes", this::limit);
    }

    private Optional<RouteLimit> limit(Section section) {
        Optional<PathPattern> match = section.required("match", Kind.PATH_PATTERN);
        Optional<Integer> requests = section.required("requests", REQUESTS);
        Optional<Duration> per = section.required("per", PER).filter(interval -> outlastsGuard(section, interval));
        Optional<Scope> scope = section.has("scope") ? section.read("scope", Kind.SCOPE) : Optional.of(Scope.LOCATION);
        if (match.isEmpty() || requests.isEmpty() || per.isEmpty() || scope.isEmpty()) {
            return Optional.empty();
        }
        var first = lines.putIfAbsent(List.of(match.get(), scope.get()), section.line("match"));
        if (first != null) {
            section.problem("match", "'" + match.get() + "' has a limit of this scope already, in line " + first);
        }
        return Optional.of(new RouteLimit(match.get(), requests.get(), per.get(), scope.get()));
    }

    private boolean outlastsGuard(Section section, Duration per) {
        boolean holds = guard.compareTo(per) < 0;
        if (!holds) {
            section.problem(
                    "per",
                    Units.TIME.format(per.toMillis()) + " must be longer than limits.guard, "
                            + Units.TIME.format(guard.toMillis()));
        }
        return holds;
    }
}
