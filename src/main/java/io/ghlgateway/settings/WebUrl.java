package io.ghlgateway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Reads addresses of the web, in the two forms that settings take. */
final class WebUrl {

    private WebUrl() {}

    /** Scheme, host and perhaps a port, and nothing more but a slash, which is dropped. */
    static Optional<URI> base(String text) {
        return absolute(text).filter(uri -> uri.getRawQuery() == null).flatMap(uri -> switch (uri.getRawPath()) {
            case "" -> Optional.of(uri);
            case "/" ->
                Optional.of(
                        URI.create(uri.toString().substring(0, uri.toString().length() - 1)));
            default -> Optional.empty();
        });
    }

    /** With whatever path and query. */
    static Optional<URI> absolute(String text) {
        try {
            // The scheme in lower case: it decides whether tokens go out encrypted, and must not be read in two ways.
            int colon = Math.max(0, text.indexOf(':'));
            URI uri = new URI(text.substring(0, colon).toLowerCase(Locale.ROOT) + text.substring(colon));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean plain = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            boolean located = uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65_535;
            return web && plain && located ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException notAUri) {
            return Optional.empty();
        }
    }

    /** Whether what is sent there, or comes from there, can be read on its way over a network. */
    static boolean isExposed(URI url) {
        return "http".equals(url.getScheme()) && !isLoopback(url.getHost());
    }

    /** By its name alone: nothing is looked up while a configuration is read. */
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }
}
