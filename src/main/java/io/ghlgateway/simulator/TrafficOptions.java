package io.ghlgateway.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The load to drive.
 *
 * @param url of a gateway (or of a simulator itself), without a path
 * @param keys sent as {@code Authorization: Bearer}; each call draws one of them
 * @param rate calls a second, of all keys together
 * @param duration how long calls are made; answers are awaited for at most {@code drain} more
 * @param headers sent with each call, over those that are sent anyway
 * @param targets {@code METHOD /path}, each call draws one; <code>{n}</code> in it becomes a number from 1 to 1000. A POST
 *     or PUT carries a small contact
 * @param patience sent as {@code Prefer: wait=}
 * @param limit what the quota used is measured against; empty: what the upstream's answers state, else 100 in 10 s
 * @param simulator where the upstream's own counts can be had; absent: they are inferred from the answers
 * @param resources of which locations or companies the upstream's counts are taken, where others spend too; empty: of all
 */
public record TrafficOptions(
        URI url,
        List<String> keys,
        double rate,
        Duration duration,
        Arrivals arrivals,
        Map<String, String> headers,
        List<String> targets,
        Optional<Duration> patience,
        Optional<Allowance> limit,
        Optional<URI> simulator,
        Set<String> resources,
        int connections,
        Duration drain) {

    public TrafficOptions {
        keys = List.copyOf(keys);
        headers = Map.copyOf(headers);
        targets = List.copyOf(targets);
        resources = Set.copyOf(resources);
        if (url.getHost() == null || !"http".equals(url.getScheme())) {
            throw new IllegalArgumentException("'" + url + "' is no address: write http://host:port");
        }
        if (keys.isEmpty() || targets.isEmpty()) {
            throw new IllegalArgumentException("traffic needs at least one key and one target");
        }
        if (!(rate > 0 && rate <= 100_000)) {
            throw new IllegalArgumentException("a rate is more than 0 and at most 100000 calls a second, not " + rate);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("traffic lasts longer than nothing");
        }
        targets.stream()
                .filter(target -> !target.matches("[A-Z]+ /\\S*"))
                .findFirst()
                .ifPresent(wrong -> {
                    throw new IllegalArgumentException(
                            "'" + wrong + "' is no target: write METHOD /path, such as GET /contacts/{n}");
                });
    }

    /** @param url {@code http://host:port} of the gateway */
    public static Builder builder(String url, String key) {
        return new Builder(URI.create(url), key);
    }

    /** Keys are secrets. */
    @Override
    public String toString() {
        return "TrafficOptions[" + url + ", " + keys.size() + " keys, " + rate + "/s for " + duration + "]";
    }

    /** Begins with ten Poisson calls a second for 30 s, four reads to one write, against 100 calls in 10 s. */
    public static final class Builder {
        private static final Duration AFTER_PATIENCE = Duration.ofSeconds(35); // an upstream's 30 s, and some

        private final URI url;
        private List<String> keys;
        private double rate = 10;
        private Duration duration = Duration.ofSeconds(30);
        private Arrivals arrivals = Arrivals.POISSON;
        private Map<String, String> headers = Map.of();
        private List<String> targets = List.of(
                "GET /contacts/{n}",
                "GET /contacts/{n}/notes",
                "GET /opportunities/{n}",
                "POST /contacts/",
                "GET /contacts/{n}/tasks");
        private Optional<Duration> patience = Optional.empty();
        private Optional<Allowance> limit = Optional.empty();
        private Optional<URI> simulator = Optional.empty();
        private Set<String> resources = Set.of();
        private int connections = 2_000;
        private Duration drain = Duration.ofSeconds(60);

        private Builder(URI url, String key) {
            this.url = url;
            this.keys = List.of(key);
        }

        public Builder keys(List<String> keys) {
            this.keys = List.copyOf(keys);
            return this;
        }

        public Builder rate(double rate) {
            this.rate = rate;
            return this;
        }

        public Builder duration(Duration duration) {
            this.duration = duration;
            return this;
        }

        public Builder arrivals(Arrivals arrivals) {
            this.arrivals = arrivals;
            return this;
        }

        public Builder headers(Map<String, String> headers) {
            this.headers = Map.copyOf(headers);
            return this;
        }

        public Builder targets(List<String> targets) {
            this.targets = List.copyOf(targets);
            return this;
        }

        /** The drain is made to last longer than that. */
        public Builder patience(Duration patience) {
            this.patience = Optional.of(patience);
            this.drain = drain.compareTo(patience.plus(AFTER_PATIENCE)) < 0 ? patience.plus(AFTER_PATIENCE) : drain;
            return this;
        }

        public Builder limit(int max, Duration interval) {
            this.limit = Optional.of(new Allowance(max, interval));
            return this;
        }

        public Builder simulator(String simulator) {
            this.simulator = Optional.of(URI.create(simulator));
            return this;
        }

        public Builder resources(Set<String> resources) {
            this.resources = Set.copyOf(resources);
            return this;
        }

        public Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        public Builder drain(Duration drain) {
            this.drain = drain;
            return this;
        }

        public TrafficOptions build() {
            return new TrafficOptions(
                    url,
                    keys,
                    rate,
                    duration,
                    arrivals,
                    headers,
                    targets,
                    patience,
                    limit,
                    simulator,
                    resources,
                    connections,
                    drain);
        }
    }
}
