package io.ghlgateway;

import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Reads a configuration and says all that is wrong with it. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = "Read a configuration and list everything that is wrong with it; exit code 2 if anything is.")
final class CheckConfigCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Override
    public Integer call() {
        var loaded = SettingsLoader.load(file, System.getenv());
        loaded.warnings().forEach(warning -> System.err.println("warning: " + warning));
        if (loaded instanceof Loaded.Refused refused) {
            refused.problems().forEach(System.err::println);
            return ExitCode.USAGE;
        }
        var settings = ((Loaded.Ready) loaded).settings();
        int apps = settings.apps().size();
        System.out.println("ok: " + (apps == 0 ? "" : count(apps, "app") + ", ")
                + count(settings.tenants().size(), "tenant") + ", "
                + count(settings.callers().size(), "caller") + ", budgets "
                + (settings.redis().isPresent() ? "in Redis" : "in this process"));
        settings.limits().routes().forEach(limit -> System.out.println("endpoint limit: " + RoutesCommand.said(limit)));
        return ExitCode.OK;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
