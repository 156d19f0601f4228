import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A file of {@code loadtest/scenarios}: a question, what is asked of the gateway for it, and when the answer is good.
 *
 * @param simulator arguments of the simulated HighLevel
 * @param locations how many tenants there are, by private tokens
 * @param installations how many more by an app's tokens
 * @param gateway lines of its configuration
 * @param faults what is posted to the simulator, by the second at which it is
 * @param conditions all of which must hold
 */
record Scenario(
        String name,
        String question,
        List<String> simulator,
        int locations,
        int installations,
        boolean redis,
        String heap,
        String gateway,
        List<Stream> streams,
        Map<Integer, String> faults,
        List<Condition> conditions) {

    /**
     * Requests at one rate, from a second of the run on.
     *
     * @param first number of the first of its locations
     */
    record Stream(
            String name,
            double rate,
            int from,
            int seconds,
            int first,
            int locations,
            int connections,
            Requests.Ask ask) {}

    /** A figure and what it must be: {@code steady.p99 <= 200}. */
    record Condition(String figure, String comparison, double bound) {
        boolean holds(double value) {
            return comparison.equals("<=") ? value <= bound : value >= bound;
        }

        @Override
        public String toString() {
            return figure + " " + comparison + " " + (bound == Math.rint(bound) ? Long.toString((long) bound) : bound);
        }
    }

    /** @param longer by how much all that lasts is stretched: 1 as it stands in the file */
    static Scenario read(Path file, double longer) throws IOException {
        var text = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            text.load(reader);
        }
        var streams = new ArrayList<Stream>();
        var faults = new TreeMap<Integer, String>();
        for (var key : text.stringPropertyNames().stream().sorted().toList()) {
            if (key.startsWith("stream.")) {
                streams.add(stream(key.substring(7), text.getProperty(key), longer));
            } else if (key.startsWith("at.")) {
                faults.put((int) (Integer.parseInt(key.substring(3)) * longer), text.getProperty(key));
            }
        }
        var conditions = Arrays.stream(text.getProperty("pass").split(";"))
                .map(condition -> condition.trim().split("\\s+"))
                .map(parts -> new Condition(parts[0], parts[1], Double.parseDouble(parts[2])))
                .toList();
        return new Scenario(
                file.getFileName().toString().replaceFirst("\\.properties$", ""),
                text.getProperty("question"),
                List.of(text.getProperty("simulator", "").trim().split("\\s+")),
                Integer.parseInt(text.getProperty("locations", "1")),
                Integer.parseInt(text.getProperty("installations", "0")),
                Boolean.parseBoolean(text.getProperty("redis", "true")),
                text.getProperty("heap", "512m"),
                text.getProperty("gateway", ""),
                List.copyOf(streams),
                faults,
                conditions);
    }

    int seconds() {
        return streams.stream()
                .mapToInt(stream -> stream.from() + stream.seconds())
                .max()
                .orElse(0);
    }

    private static Stream stream(String name, String text, double longer) {
        var given =
                new TreeMap<>(Map.of("from", "0", "for", "30", "first", "0", "locations", "1", "connections", "200"));
        given.putAll(Map.of(
                "method", "GET", "path", "/contacts/?locationId={location}&limit=20", "size", "0", "patience", "0"));
        for (var pair : text.trim().split("\\s+")) {
            var halves = pair.split("=", 2);
            if (given.put(halves[0], halves[1]) == null && !halves[0].equals("rate")) {
                throw new IllegalArgumentException("stream." + name + ": unknown '" + halves[0] + "'");
            }
        }
        return new Stream(
                name,
                Double.parseDouble(given.get("rate")),
                (int) (Integer.parseInt(given.get("from")) * longer),
                (int) Math.max(1, Integer.parseInt(given.get("for")) * longer),
                Integer.parseInt(given.get("first")),
                Integer.parseInt(given.get("locations")),
                Integer.parseInt(given.get("connections")),
                new Requests.Ask(
                        given.get("method"),
                        given.get("path"),
                        Integer.parseInt(given.get("size")),
                        Integer.parseInt(given.get("patience"))));
    }
}
