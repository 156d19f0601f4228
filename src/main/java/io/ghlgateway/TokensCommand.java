package io.ghlgateway;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.RedisTokenStore;
import io.ghlgateway.credentials.TokenCopy;
import io.ghlgateway.redis.RedisAddress;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings.Redis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
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
                "Copy all kept records from an embedded gateway's directory to Redis, still encrypted: the same keyset opens them",
                "there. Stop the embedded gateway first. Nothing newer is overwritten; run it again if it was cut short."
            })
    static final class Copy implements Callable<Integer> {

        private static final Duration COMMAND = Duration.ofSeconds(2);
        private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
        private static final Duration WITHIN = Duration.ofHours(1);

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Option(
                names = "--from",
                required = true,
                paramLabel = "DIRECTORY",
                description = "credentials.journal of the embedded gateway.")
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
                from = from.toAbsolutePath().getParent();
            }
            if (!Files.exists(from.resolve(FileTokenStore.FILE))) {
                throw refused("--from: " + from + " holds no " + FileTokenStore.FILE);
            }
            var address = RedisAddress.parse(to, cluster)
                    .orElseThrow(() -> refused("--to: is no Redis URI, as redis.uri must be"));
            address.contradiction().ifPresent(said -> {
                throw refused("--to: "
                        + said.replace("redis.cluster is true", "--cluster is given")
                                .replace("set redis.cluster to true", "add --cluster"));
            });
            var files = FileTokenStore.open(from, InstantSource.system());
            var link = RedisLink.to(address, COMMAND, Ticker.systemTicker());
            var redis = new RedisTokenStore(link, prefix, Ticker.systemTicker());
            try {
                link.start();
                Running.await(link.seen(), CONNECT_WITHIN);
                var result = Running.await(TokenCopy.copy(files, redis), WITHIN);
                System.out.println(result);
                return result.verified() ? ExitCode.OK : ExitCode.SOFTWARE;
            } finally {
                Running.await(redis.close().eventually(files::close), CONNECT_WITHIN);
            }
        }

        private CommandLine.ParameterException refused(String why) {
            return new CommandLine.ParameterException(spec.commandLine(), why);
        }
    }
}
