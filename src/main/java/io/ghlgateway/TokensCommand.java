package io.ghlgateway;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.FileRefreshJournal;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RecordName.Kind;
import io.ghlgateway.credentials.RedisTokenStore;
import io.ghlgateway.credentials.Sentinel;
import io.ghlgateway.credentials.TokenCopy;
import io.ghlgateway.redis.RedisAddress;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings.Redis;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Kept tokens. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "Move kept tokens.",
        subcommands = TokensCommand.Copy.class)
final class TokensCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: tokens copy");
    }

    /** From an embedded gateway's directory to the Redis of many. */
    @Command(
            name = "copy",
            mixinStandardHelpOptions = true,
            description = {
                "Copy all kept records from an embedded gateway's directory to Redis, still encrypted:",
                "the same keyset opens them there. Stop the embedded gateway first. Nothing newer is",
                "overwritten; run it again if it was cut short. Records of one state that differ are named and",
                "left as they are: without the keyset nothing tells whether they say the same."
            })
    static final class Copy implements Callable<Integer> {

        private static final int MOST_NAMED = 20;
        private static final Duration COMMAND = Duration.ofSeconds(2);
        private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
        private static final Duration WITHIN = Duration.ofHours(1);

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Option(
                names = "--from",
                required = true,
                paramLabel = "DIRECTORY",
                description = "credentials.journal of the embedded gateway, which must be stopped.")
        private Path from;

        @Option(names = "--to", required = true, paramLabel = "REDIS", description = "redis.uri of the others.")
        private String to;

        @Option(names = "--cluster", description = "REDIS names nodes of a Redis Cluster: redis.cluster of the others.")
        private boolean cluster;

        @Option(
                names = "--prefix",
                defaultValue = Redis.PREFIX,
                description = "redis.prefix; default: ${DEFAULT-VALUE}.")
        private String prefix;

        @Override
        public Integer call() throws Exception {
            if (Files.isRegularFile(from)) { // the file itself will do
                from = Objects.requireNonNull(from.toAbsolutePath().getParent(), "a file is in a directory");
            }
            if (!Files.exists(from.resolve(FileTokenStore.FILE))) {
                throw wrong("--from: " + from + " holds no " + FileTokenStore.FILE);
            }
            var link = link();
            var redis = new RedisTokenStore(link, prefix, Ticker.systemTicker());
            Optional<FileTokenStore> files = Optional.empty();
            try {
                files = Optional.of(opened(FileTokenStore::open));
                int underWay = finish(files.get());
                link.start();
                reach(link);
                compareKeys(files.get(), redis);
                var result = Running.await(TokenCopy.copy(files.get(), redis), WITHIN);
                say(result, underWay);
                return result.verified() ? ExitCode.OK : ExitCode.SOFTWARE;
            } finally {
                var close = files;
                Running.await(
                        redis.close()
                                .eventually(
                                        () -> close.map(FileTokenStore::close).orElseGet(Future::succeededFuture)),
                        CONNECT_WITHIN);
            }
        }

        private RedisLink link() {
            var address = RedisAddress.parse(to, cluster)
                    .orElseThrow(() -> wrong(
                            "--to: expected redis://HOST:PORT, rediss://… or redis-sentinel://…, as redis.uri has it"));
            address.contradiction().ifPresent(said -> {
                throw wrong("--to: "
                        + said.replace("redis.cluster is true", "--cluster is given")
                                .replace("set redis.cluster to true", "add --cluster"));
            });
            return RedisLink.to(address, COMMAND, Ticker.systemTicker());
        }

        private <T> T opened(Opening<T> opening) throws IOException {
            try {
                return opening.open(from, InstantSource.system());
            } catch (IOException e) {
                throw new IOException("--from: " + e.getMessage() + " (is the embedded gateway stopped?)", e);
            }
        }

        /**
         * Puts among the records what a gateway that was killed had only written down as the outcome of a renewal.
         *
         * @return how many renewals have no outcome: HighLevel may have taken the refresh token for used
         */
        private int finish(FileTokenStore files) throws Exception {
            if (!Files.exists(from.resolve(FileRefreshJournal.FILE))) {
                return 0;
            }
            var journal = opened(FileRefreshJournal::open);
            try {
                for (var result : journal.unfinished().results()) {
                    Running.await(files.write(result), COMMAND);
                }
                return journal.unfinished().intents().size();
            } finally {
                Running.await(journal.close(), COMMAND);
            }
        }

        private static void reach(RedisLink link) throws Exception {
            try {
                Running.await(link.seen(), CONNECT_WITHIN);
            } catch (TimeoutException e) {
                throw new IOException(
                        "--to: no connection to Redis at " + link.address() + " within " + CONNECT_WITHIN.toSeconds()
                                + " s; nothing was copied",
                        e);
            }
        }

        private void compareKeys(FileTokenStore files, RedisTokenStore redis) throws Exception {
            if (!Running.await(Sentinel.areOfOneKey(files, redis), COMMAND)) {
                throw new IOException("--to: the gateways of that Redis have another keyset or a newer first key in it,"
                        + " and nothing was copied; with a newer key, start and stop the embedded gateway with their"
                        + " keyset first; with another keyset, copy under another --prefix, for gateways of its own");
            }
        }

        private void say(TokenCopy.Result result, int underWay) {
            var out = spec.commandLine().getOut();
            var err = spec.commandLine().getErr();
            out.println("copied " + result.copied() + " records; " + result.alreadyThere() + " were there already, and "
                    + result.newerThere() + " in a newer state, which was left as it is");
            out.println("read back: "
                    + Arrays.stream(Kind.values())
                            .filter(result.readBack()::containsKey)
                            .map(kind -> kind.name().toLowerCase(Locale.ROOT) + " "
                                    + result.readBack().get(kind))
                            .collect(Collectors.joining(", ")));
            if (underWay > 0) {
                err.println(
                        "warning: " + underWay + " renewals were under way when the embedded gateway ended; start it"
                                + " once more, stop it, and copy again, or their customers may have to install the app again");
            }
            if (result.verified()) {
                out.println("all are there; start the gateways of that Redis with the same keyset");
            } else if (result.differing().isEmpty()) {
                err.println("failed: not all came back as they were written; run it again");
            } else {
                err.println("failed: " + result.differing().size()
                        + " records differ from those of the same state there, and"
                        + " were left as they are there: " + named(result.differing())
                        + "; both sides changed them since they"
                        + " parted, and without the keyset nothing tells whether they say the same");
            }
        }

        private static String named(List<RecordName> names) {
            var some =
                    names.stream().limit(MOST_NAMED).map(RecordName::toString).collect(Collectors.joining(", "));
            return names.size() > MOST_NAMED ? some + " and " + (names.size() - MOST_NAMED) + " more" : some;
        }

        private CommandLine.ParameterException wrong(String what) {
            return new CommandLine.ParameterException(spec.commandLine(), what);
        }

        /** Opens a file of the directory. */
        @FunctionalInterface
        private interface Opening<T> {
            T open(Path directory, InstantSource clock) throws IOException;
        }
    }
}
