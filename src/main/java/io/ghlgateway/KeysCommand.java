package io.ghlgateway;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.wiring.GatewayKey;
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
        subcommands = {KeysCommand.New.class, KeysCommand.Encryption.class})
final class KeysCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to make: keys new, or keys encryption");
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

    /** Makes the keyset that tokens are encrypted with. */
    @Command(
            name = "encryption",
            mixinStandardHelpOptions = true,
            description = {
                "Make the keyset that tokens are encrypted with (credentials.encryption-key); it is the last line printed.",
                "Keep it as carefully as the tokens: without it they are lost, and with it they can be read.",
                "With --rotate the keyset comes from GHL_GATEWAY_KEYSET and gets a new first key; the old ones go on opening."
            })
    static final class Encryption implements Callable<Integer> {

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @CommandLine.Option(
                names = "--rotate",
                description = "Add a new first key to the keyset in GHL_GATEWAY_KEYSET.")
        private boolean rotate;

        @Override
        public Integer call() {
            if (!rotate) {
                System.out.println(RecordCipher.newKeyset().reveal());
                return ExitCode.OK;
            }
            var keyset = System.getenv("GHL_GATEWAY_KEYSET");
            if (keyset == null || keyset.isBlank()) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "GHL_GATEWAY_KEYSET is not set: set it to the keyset to rotate");
            }
            try {
                System.out.println(
                        RecordCipher.rotated(Secret.of(keyset.strip())).reveal());
                return ExitCode.OK;
            } catch (IllegalArgumentException none) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "GHL_GATEWAY_KEYSET: " + none.getMessage());
            }
        }
    }
}
