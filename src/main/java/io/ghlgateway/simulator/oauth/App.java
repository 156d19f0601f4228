package io.ghlgateway.simulator.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An app of the marketplace.
 *
 * @param id how the tester names it
 * @param clientId its part before the first {@code -} is HighLevel's id of the app
 * @param redirectUris empty: any
 */
public record App(String id, String clientId, String clientSecret, Set<String> redirectUris) {

    private static final Pattern FORM = Pattern.compile("([^=]+)=([^:]+):(.+)");

    public App {
        redirectUris = Set.copyOf(redirectUris);
        Names.check(id, "app");
        Names.check(clientId, "client");
        if (clientSecret.isBlank()) {
            throw new IllegalArgumentException("app " + id + " needs a client secret");
        }
    }

    /**
     * {@code ID=CLIENT_ID:CLIENT_SECRET}, any redirect URI being right.
     *
     * @throws IllegalArgumentException naming what would be right, but not what was seen: a secret may stand in it
     */
    public static App parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("an app is written ID=CLIENT_ID:CLIENT_SECRET");
        }
        return new App(form.group(1), form.group(2), form.group(3), Set.of());
    }

    /** HighLevel's own id of it. */
    public String appId() {
        return clientId.split("-", 2)[0];
    }

    public boolean returnsTo(String redirectUri) {
        return redirectUris.isEmpty() || redirectUris.contains(redirectUri);
    }

    boolean hasSecret(String secret) {
        return MessageDigest.isEqual(
                clientSecret.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    boolean isCalled(String name) {
        return name.equals(id) || name.equals(appId()) || name.equals(clientId);
    }

    /** Without its secret. */
    @Override
    public String toString() {
        return "App[" + id + " " + clientId + "]";
    }
}
