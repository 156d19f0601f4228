import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is asked, ready to be written: one request for each location, in an order that visits all before one comes again.
 * Not thread-safe.
 */
final class Requests {

    /** What all requests send as {@code Authorization: Bearer}. */
    static final String KEY = "gw_bench-caller-key-0123456789abcdef";

    private static final int STRIDE = 7919; // a prime that divides none of the usual numbers of locations

    private static final String BOUNDARY = "bench-boundary";

    private final byte[][] all;
    private int next;

    private Requests(byte[][] all) {
        this.all = all;
    }

    /**
     * What is asked again and again.
     *
     * @param path in which {@code {location}} stands for the location
     * @param size of the body in bytes; 0 for none. It is a contact, or a file where the path is one of uploads
     * @param patience that is sent, in seconds; 0 for none
     */
    record Ask(String method, String path, int size, int patience) {
        static final Ask PAGE = new Ask("GET", "/contacts/?locationId={location}&limit=20", 0, 0);
    }

    /** A page of a location's contacts. */
    static Requests get(List<String> locations) {
        return of("127.0.0.1", KEY, locations, Ask.PAGE);
    }

    /** A contact of so many bytes, which says itself where it belongs. */
    static Requests post(List<String> locations, int size) {
        return of("127.0.0.1", KEY, locations, new Ask("POST", "/contacts/", size, 0));
    }

    static Requests of(String authority, String key, List<String> locations, Ask ask) {
        return new Requests(locations.stream()
                .map(location -> request(authority, key, location, ask))
                .toArray(byte[][]::new));
    }

    /** HighLevel's id of the location with this number: of a length as there. */
    static String location(int number) {
        return "bench-%06dxxxxxxxx".formatted(number);
    }

    /** From this one on, so many. */
    static List<String> locations(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(Requests::location).toList();
    }

    byte[] next() {
        next = (next + STRIDE) % all.length;
        return all[next];
    }

    /** {@code X-Bench-Location} is for the limiters of peers that read no bodies. */
    private static byte[] request(String authority, String key, String location, Ask ask) {
        var body =
                ask.size() == 0 ? "" : ask.path().contains("upload") ? file(ask.size()) : contact(location, ask.size());
        var text = new StringBuilder(body.length() + 512)
                .append(ask.method())
                .append(' ')
                .append(ask.path().replace("{location}", location))
                .append(" HTTP/1.1\r\n")
                .append("Host: ")
                .append(authority)
                .append("\r\n")
                .append("Authorization: Bearer ")
                .append(key)
                .append("\r\n")
                .append("Version: 2021-07-28\r\nAccept: application/json\r\nUser-Agent: bench\r\n")
                .append("X-Bench-Location: ")
                .append(location)
                .append("\r\n");
        if (ask.patience() > 0) {
            text.append("Prefer: wait=").append(ask.patience()).append("\r\n");
        }
        if (ask.path().contains("upload")) {
            text.append("X-Tenant: ").append(location).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Type: ")
                    .append(body.startsWith("{") ? "application/json" : "multipart/form-data; boundary=" + BOUNDARY)
                    .append("\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String contact(String location, int size) {
        var begin = "{\"locationId\":\"" + location + "\",\"firstName\":\"Ada\",\"source\":\"";
        return begin + "x".repeat(Math.max(0, size - begin.length() - 2)) + "\"}";
    }

    private static String file(int size) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n" + "x".repeat(size) + "\r\n--" + BOUNDARY + "--\r\n";
    }
}
