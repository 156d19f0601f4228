import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is measured, and for how long. */
final class Options {

    static final List<String> PEERS =
            List.of("direct", "nginx", "nginx-lua", "vertx", "scg", "embedded", "redis", "replicas");
    static final List<String> PARTS = List.of("peers", "tenants", "heap", "rss", "start");

    private final Map<String, String> given = new TreeMap<>();

    /** @throws IllegalArgumentException that says what is wrong */
    Options(String[] args) {
        given.putAll(Map.of("peers", String.join(",", PEERS), "parts", String.join(",", PARTS)));
        given.putAll(Map.of("rounds", "3", "seconds", "5", "warm-up", "300000", "rate", "0", "locations", "5000"));
        given.putAll(Map.of("connections", "64", "body", "2048", "heap", "512m", "heap-many", "1g"));
        given.putAll(Map.of(
                "many", "100000", "starts", "5", "jar", "target/ghl-gateway.jar", "results", "loadtest/results"));
        given.putAll(Map.of("gateway-options", Server.GATEWAY_OPTIONS, "scg", "", "work", "", "commit", ""));
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--short" ->
                    given.putAll(Map.of("rounds", "1", "seconds", "2", "warm-up", "30000", "starts", "2"));
                case "--full" ->
                    given.putAll(Map.of("rounds", "5", "seconds", "6", "warm-up", "200000", "starts", "7"));
                default -> {
                    var name = args[i].replaceFirst("^--", "");
                    if (!args[i].startsWith("--") || !given.containsKey(name) || i + 1 == args.length) {
                        throw new IllegalArgumentException("'" + args[i] + "' is no option, or lacks its value");
                    }
                    given.put(name, args[++i]);
                }
            }
        }
        choice("peers", PEERS);
        choice("parts", PARTS);
        for (var name : List.of("rounds", "seconds", "warm-up", "locations", "connections", "body", "many", "starts")) {
            if (number(name) < 1) {
                throw new IllegalArgumentException("--" + name + " is at least 1");
            }
        }
    }

    int number(String name) {
        try {
            return Integer.parseInt(given.get(name));
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("--" + name + " is '" + given.get(name) + "', which is no whole number");
        }
    }

    /** Of a size as a JVM takes it: {@code 512m} or {@code 1g}. */
    double megabytes(String name) {
        var size = text(name);
        double number = Double.parseDouble(size.replaceAll("\\D", ""));
        return size.endsWith("g") ? number * 1024 : number;
    }

    String text(String name) {
        return given.get(name);
    }

    List<String> flags(String name) {
        return Arrays.stream(text(name).split(" ")).filter(flag -> !flag.isEmpty()).toList();
    }

    Path path(String name) {
        return Path.of(given.get(name)).toAbsolutePath();
    }

    List<String> peers() {
        return choice("peers", PEERS);
    }

    boolean has(String part) {
        return choice("parts", PARTS).contains(part);
    }

    private List<String> choice(String name, List<String> all) {
        var chosen = new ArrayList<>(List.of(given.get(name).split("[, ]+")));
        chosen.removeIf(String::isEmpty);
        if (!all.containsAll(chosen)) {
            throw new IllegalArgumentException("--" + name + " is a list of " + String.join(", ", all));
        }
        return List.copyOf(chosen);
    }

    @Override
    public String toString() {
        return given.toString();
    }
}
