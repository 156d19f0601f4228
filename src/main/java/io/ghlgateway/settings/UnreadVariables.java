package io.ghlgateway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The variables that stand in for a file, found set beside one: whoever set them believes that they count. */
final class UnreadVariables {

    /** Each with the file's key for the same. */
    private static final Map<String, String> KEYS = new TreeMap<>(Map.of(
            "GHL_TOKEN", "tenants",
            "GHL_LOCATION", "tenants",
            "GHL_COMPANY", "tenants",
            "GHL_GATEWAY_KEY", "callers",
            "GHL_BASE_URL", "upstream.base-url",
            "GHL_PROXY_HOST", "proxy.host",
            "GHL_PROXY_PORT", "proxy.port",
            "GHL_ADMIN_PORT", "admin.port",
            "GHL_REDIS_URI", "redis.uri",
            "GHL_REDIS_CLUSTER", "redis.cluster"));

    private UnreadVariables() {}

    /**
     * A warning for each that is set and that the file does not ask for.
     *
     * @param text the file's
     */
    static List<String> beside(Path file, String text, Map<String, String> environment) {
        return KEYS.keySet().stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .filter(name -> !text.contains("${" + name))
                .map(name -> name + ": is set and not read, for it counts only without a file; " + file + " has "
                        + KEYS.get(name) + " for it")
                .toList();
    }
}
