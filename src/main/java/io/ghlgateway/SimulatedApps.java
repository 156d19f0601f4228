package io.ghlgateway;

import io.ghlgateway.simulator.Durations;
import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.OAuthOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code simulator} that give it apps and companies. */
final class SimulatedApps {

    @Option(
            names = "--app",
            paramLabel = "ID=CLIENT_ID:CLIENT_SECRET",
            description = "An app that gets tokens by OAuth; repeatable. Private tokens stay valid beside it.")
    private List<String> apps = List.of();

    @Option(
            names = "--redirect-uri",
            paramLabel = "ID=URI",
            description = "The only one, or one of the only ones, that the app may be sent back to; else any.")
    private List<String> redirectUris = List.of();

    @Option(
            names = "--company",
            paramLabel = "ID=LOCATIONS",
            description =
                    "An agency and its locations, between commas, or how many: co=50 has co-1 to co-50; repeatable.")
    private List<String> companies = List.of();

    @Option(
            names = "--token-life",
            defaultValue = "86399s",
            paramLabel = "TIME",
            description = "Of access tokens; default: ${DEFAULT-VALUE}.")
    private String tokenLife;

    @Option(
            names = "--grace",
            defaultValue = "30s",
            paramLabel = "TIME",
            description = "How long a used refresh token gives the same pair again; default: ${DEFAULT-VALUE}.")
    private String grace;

    @Option(names = "--no-reconnect", description = "There is no /oauth/reconnect.")
    private boolean noReconnect;

    @Option(
            names = "--locations-at-once",
            defaultValue = "100",
            paramLabel = "NUMBER",
            description = "How many installed locations a page has at most; default: ${DEFAULT-VALUE}.")
    private int locationsAtOnce;

    /** @throws IllegalArgumentException naming what is wrong, but no secret */
    OAuthOptions options() {
        var options = OAuthOptions.defaults()
                .withTokenLife(Durations.parse(tokenLife))
                .withGrace(Durations.parse(grace))
                .withReconnect(!noReconnect)
                .withLocationsAtOnce(locationsAtOnce);
        for (var app : apps) {
            options = options.withApp(App.parse(app));
        }
        for (var redirect : redirectUris) {
            var parts = redirect.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("'" + redirect + "' is no redirect URI of an app: write ID=URI");
            }
            options = options.withRedirectUri(parts[0], parts[1]);
        }
        for (var company : companies) {
            options = options.withCompany(company);
        }
        return options;
    }
}
