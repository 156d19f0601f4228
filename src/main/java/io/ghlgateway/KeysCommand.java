package io.ghlgateway;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Keys. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Make keys.",
        subcommands = KeysCommand.New.class)
final class KeysCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to make: keys new");
    }

    /** Makes a caller's key. */
    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = {
                "Make a caller's key, and the hash that the configuration keeps of it (callers: key-hash).",
                "The key is shown on a terminal only; else it is written to a file that only its owner reads."
            })
    static final class New implements Callable<Integer> {

        @Override
        public Integer call() throws IOException {
            var key = GatewayKey.make(new SecureRandom());
            System.out.println(key.shown(Running.isTerminal(), Path.of("gateway-" + key.id() + ".key")));
            System.out.println("key-hash: " + key.hash());
            return ExitCode.OK;
        }
    }
}
