import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A Redis that was started for one peer. */
record Redis(Server server, int port) {

    private static final String LINE = "cmdstat_";
    private static final double NEGLIGIBLE = 0.005;

    /** For a gateway's configuration. */
    String section() {
        return "redis: {uri: \"redis://127.0.0.1:" + port + "\"}\n";
    }

    /** How often each command was called so far; what a script calls counts too. */
    Map<String, Long> calls() throws IOException {
        return said("INFO commandstats")
                .lines()
                .filter(line -> line.startsWith(LINE))
                .collect(Collectors.toMap(
                        line -> line.substring(LINE.length(), line.indexOf(':')),
                        line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")),
                        Long::sum,
                        TreeMap::new));
    }

    /** Of INFO, as it stands. */
    double info(String field) throws IOException {
        return said("INFO all")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToDouble(line -> Double.parseDouble(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("Redis' INFO has no " + field));
    }

    /** Commands that it carried out so far, those that scripts called too. */
    long commands() throws IOException {
        return calls().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Since then, for each of so many requests: {@code evalsha 1.00, get 2.00}. */
    String callsSince(Map<String, Long> before, long requests) throws IOException {
        return calls().entrySet().stream()
                .map(call -> Map.entry(
                        call.getKey(), (call.getValue() - before.getOrDefault(call.getKey(), 0L)) / (double) requests))
                .filter(call -> call.getValue() > NEGLIGIBLE)
                .map(call -> String.format(Locale.ROOT, "%s %.2f", call.getKey(), call.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** What it says to inline commands, all of it. */
    String said(String commands) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write((commands + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
