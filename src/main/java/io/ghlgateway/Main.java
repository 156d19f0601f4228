package io.ghlgateway;

import io.ghlgateway.settings.Settings;
import io.ghlgateway.telemetry.Logs;
import io.ghlgateway.tenancy.Secret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. Exit codes: 0, 1 (failed while running), 2 (wrong arguments or configuration). */
@Command(
        name = "ghl-gateway",
        description = "A rate-limit-aware gateway in front of the HighLevel API.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            SimulatorCommand.class,
            TrafficCommand.class,
            CheckConfigCommand.class,
            RoutesCommand.class,
            KeysCommand.class,
            TokensCommand.class
        })
public final class Main implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        Logs.gather();
        // Read once, with the first connection: over TLS 1.2 nobody but us begins a handshake anew.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        int code = commandLine().execute(args);
        Logs.end();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("failed: " + Secret.blotted(reason(failure)));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** What went wrong, in a line; a stack trace helps nobody at a prompt. */
    private static String reason(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.ExecutionException || cause.getMessage() == null)) {
            cause = cause.getCause();
        }
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The jar's version. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"ghl-gateway " + Settings.version()};
        }
    }
}
