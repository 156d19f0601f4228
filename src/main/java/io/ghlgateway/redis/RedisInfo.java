package io.ghlgateway.redis;

import io.ghlgateway.digest.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What Redis says of itself. */
public final class RedisInfo {

    private static final int DIGITS = 40; // as a run id has

    private RedisInfo() {}

    /** A field of the answer to {@code INFO}. */
    public static Optional<String> field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** Whether the server copies another one's data, so that it is not to be written to. */
    public static boolean isFollower(String info) {
        return field(info, "role").filter(role -> role.equals("slave")).isPresent();
    }

    /**
     * Tells one set of servers from another by some fields of each: without blanks, in no order, and of one server and one
     * field the field itself.
     *
     * @return empty where one of them does not say all
     */
    public static String identity(List<String> infos, String... fields) {
        var each = infos.stream()
                .map(info -> Arrays.stream(fields)
                        .map(name -> field(info, name).orElse(""))
                        .toList())
                .toList();
        if (each.isEmpty() || each.stream().anyMatch(values -> values.contains(""))) {
            return "";
        }
        var all = each.stream().map(values -> String.join(":", values)).sorted().collect(Collectors.joining(","));
        return each.size() == 1 ? all : digest(all);
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(Sha256.of(text)).substring(0, DIGITS);
    }
}
