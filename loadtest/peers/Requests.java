import java.nio.charset.StandardCharsets;

/**
 * What is asked, ready to be written: one request for each location, in an order that visits all before one comes again.
 * Not thread-safe.
 */
final class Requests {

    /** What all requests send as {@code Authorization: Bearer}. */
    static final String KEY = "gw_bench-caller-key-0123456789abcdef";

    private static final int STRIDE = 7919; // a prime that divides none of the usual numbers of locations

    private final byte[][] all;
    private int next;

    private Requests(byte[][] all) {
        this.all = all;
    }

    /** A page of a location's contacts. */
    static Requests get(int locations) {
        var all = new byte[locations][];
        for (int i = 0; i < locations; i++) {
            all[i] = head("GET /contacts/?locationId=" + location(i) + "&limit=20", i, "");
        }
        return new Requests(all);
    }

    /** A contact of so many bytes, which says itself where it belongs. */
    static Requests post(int locations, int size) {
        var all = new byte[locations][];
        for (int i = 0; i < locations; i++) {
            var begin = "{\"locationId\":\"" + location(i) + "\",\"firstName\":\"Ada\",\"notes\":\"";
            var body = begin + "x".repeat(Math.max(0, size - begin.length() - 2)) + "\"}";
            all[i] = (new String(
                                    head(
                                            "POST /contacts/",
                                            i,
                                            "Content-Type: application/json\r\nContent-Length: " + body.length()
                                                    + "\r\n"),
                                    StandardCharsets.US_ASCII)
                            + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }
        return new Requests(all);
    }

    /** HighLevel's id of the location with this number: of a length as there. */
    static String location(int number) {
        return "bench-%06dxxxxxxxx".formatted(number);
    }

    byte[] next() {
        next = (next + STRIDE) % all.length;
        return all[next];
    }

    /** {@code X-Bench-Location} is for the limiters of peers that read no bodies. */
    private static byte[] head(String line, int location, String fields) {
        return (line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + KEY
                        + "\r\n"
                        + "Version: 2021-07-28\r\n"
                        + "Accept: application/json\r\n"
                        + "User-Agent: bench\r\n"
                        + "X-Bench-Location: "
                        + location(location) + "\r\n" + fields + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
