package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.OAuthOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the simulated HighLevel behaves; the defaults are HighLevel's own documented or measured behaviour.
 *
 * @param port 0 takes any free one
 * @param window how the burst is counted
 * @param limit the burst
 * @param phase how far clock and counter windows lie behind the epoch's grid; absent: drawn at random
 * @param also a second, sliding window that must admit a call too
 * @param daily calls a day; the day begins when the simulator starts
 * @param dailyOf by location or company, where it has another number of calls a day
 * @param countsRefused whether a refused call takes its place in the windows as well
 * @param retryAfter whether a 429 carries {@code Retry-After}
 * @param rateHeaders whether answers carry the six rate headers
 * @param requiresVersion whether a missing or unknown {@code Version} is answered 401, and a path that only v3 has 404
 *     under another one
 * @param strict whether a call that lacks the location its operation names is answered 422
 * @param gzip whether every JSON body is compressed for those who accept it; otherwise those over 1 KB are
 * @param eventGap between the events of a stream
 * @param tokens the valid private tokens and whose they are. Empty: any token that begins with {@code pit-} is valid for
 *     every location, and each one has a quota of its own
 * @param oauth the apps that get tokens by OAuth beside the private ones, each with quotas of its own
 */
public record SimulatorOptions(
        String host,
        int port,
        WindowKind window,
        Allowance limit,
        Optional<Duration> phase,
        Optional<Allowance> also,
        long daily,
        Map<String, Long> dailyOf,
        Latency latency,
        boolean countsRefused,
        boolean retryAfter,
        boolean rateHeaders,
        boolean requiresVersion,
        boolean strict,
        boolean gzip,
        Duration eventGap,
        Map<String, Account> tokens,
        OAuthOptions oauth) {

    public SimulatorOptions {
        tokens = Map.copyOf(tokens);
        dailyOf = Map.copyOf(dailyOf);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (daily < 1) {
            throw new IllegalArgumentException("a day takes at least one call, not " + daily);
        }
        if (eventGap.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("events are at least 1ms apart, not " + eventGap.toMillis() + "ms");
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Tokens are secrets, also when they are only pretended ones. */
    @Override
    public String toString() {
        return "SimulatorOptions[" + window + " " + limit.max() + "/" + limit.interval() + ", " + tokens.size()
                + " tokens, " + oauth.apps().size() + " apps]";
    }

    /** Begins with the defaults: 100 calls in a sliding 10 s, 200,000 a day, 40 to 120 ms with a tail of 1 % at 5 times. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private WindowKind window = WindowKind.SLIDING;
        private Allowance limit = new Allowance(100, Duration.ofSeconds(10));
        private Optional<Duration> phase = Optional.empty();
        private Optional<Allowance> also = Optional.empty();
        private long daily = 200_000;
        private Map<String, Long> dailyOf = Map.of();
        private Latency latency = new Latency(Duration.ofMillis(40), Duration.ofMillis(120), 0.01, 5);
        private boolean countsRefused;
        private boolean retryAfter;
        private boolean rateHeaders = true;
        private boolean requiresVersion = true;
        private boolean strict;
        private boolean gzip;
        private Duration eventGap = Duration.ofSeconds(1);
        private Map<String, Account> tokens = Map.of();
        private OAuthOptions oauth = OAuthOptions.defaults();

        private Builder() {}

        public Builder host(String host) {
            this.host = host;
            return this;
        }

        public Builder port(int port) {
            this.port = port;
            return this;
        }

        public Builder window(WindowKind window) {
            this.window = window;
            return this;
        }

        public Builder limit(int max, Duration interval) {
            this.limit = new Allowance(max, interval);
            return this;
        }

        public Builder phase(Duration phase) {
            this.phase = Optional.of(phase);
            return this;
        }

        public Builder also(Allowance also) {
            this.also = Optional.of(also);
            return this;
        }

        public Builder daily(long daily) {
            this.daily = daily;
            return this;
        }

        /** Of one location or company alone. */
        public Builder daily(String resource, long daily) {
            var all = new HashMap<>(dailyOf);
            all.put(resource, daily);
            dailyOf = Map.copyOf(all);
            return this;
        }

        public Builder latency(Latency latency) {
            this.latency = latency;
            return this;
        }

        public Builder countsRefused(boolean countsRefused) {
            this.countsRefused = countsRefused;
            return this;
        }

        public Builder retryAfter(boolean retryAfter) {
            this.retryAfter = retryAfter;
            return this;
        }

        public Builder rateHeaders(boolean rateHeaders) {
            this.rateHeaders = rateHeaders;
            return this;
        }

        public Builder requiresVersion(boolean requiresVersion) {
            this.requiresVersion = requiresVersion;
            return this;
        }

        public Builder strict(boolean strict) {
            this.strict = strict;
            return this;
        }

        public Builder gzip(boolean gzip) {
            this.gzip = gzip;
            return this;
        }

        public Builder eventGap(Duration eventGap) {
            this.eventGap = eventGap;
            return this;
        }

        public Builder tokens(Map<String, Account> tokens) {
            this.tokens = Map.copyOf(tokens);
            return this;
        }

        public Builder oauth(OAuthOptions oauth) {
            this.oauth = oauth;
            return this;
        }

        /** An app that any redirect URI is right for, until one is named. */
        public Builder app(String id, String clientId, String clientSecret) {
            return oauth(oauth.withApp(new App(id, clientId, clientSecret, Set.of())));
        }

        public Builder redirectUri(String app, String uri) {
            return oauth(oauth.withRedirectUri(app, uri));
        }

        public Builder company(String id, List<String> locations) {
            return oauth(oauth.withCompany(id, locations));
        }

        public Builder tokenLife(Duration life) {
            return oauth(oauth.withTokenLife(life));
        }

        public Builder grace(Duration grace) {
            return oauth(oauth.withGrace(grace));
        }

        public Builder reconnect(boolean reconnect) {
            return oauth(oauth.withReconnect(reconnect));
        }

        /** How many installed locations are listed at most. */
        public Builder locationsAtOnce(int most) {
            return oauth(oauth.withLocationsAtOnce(most));
        }

        public SimulatorOptions build() {
            return new SimulatorOptions(
                    host,
                    port,
                    window,
                    limit,
                    phase,
                    also,
                    daily,
                    dailyOf,
                    latency,
                    countsRefused,
                    retryAfter,
                    rateHeaders,
                    requiresVersion,
                    strict,
                    gzip,
                    eventGap,
                    tokens,
                    oauth);
        }
    }
}
