import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What a deployment takes, by formulas that stand on the page of the model too. */
final class Model {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([0-9.]+) \\|");
    private static final double KIB = 1024;
    private static final double LEAST_HEAP = 256;
    private static final double ROOM = 2; // for the collector

    private final Map<Constant, Double> constants;

    Model(Map<Constant, Double> constants) {
        this.constants = new EnumMap<>(constants);
    }

    /** By the constants in a page's table. @throws IOException where one is missing */
    static Model of(String page) throws IOException {
        var constants = new EnumMap<Constant, Double>(Constant.class);
        ROW.matcher(page).results().forEach(row -> {
            for (var constant : Constant.values()) {
                if (constant.toString().equals(row.group(1))) {
                    constants.put(constant, Double.valueOf(row.group(2)));
                }
            }
        });
        for (var constant : Constant.values()) {
            if (!constants.containsKey(constant)) {
                throw new IOException("the page has no figure for " + constant + "; measure first");
            }
        }
        return new Model(constants);
    }

    double get(Constant constant) {
        return constants.get(constant);
    }

    /** Cores of the CPU that all replicas use together. */
    double cores(double perSecond, int replicas, boolean shared) {
        double request = get(shared ? Constant.CPU_REQUEST : Constant.CPU_REQUEST_EMBEDDED);
        return perSecond * request / 1e6 + replicas * get(Constant.CPU_REPLICA) / 1e3;
    }

    /** And Redis. */
    double redisCores(double perSecond) {
        return perSecond * get(Constant.REDIS_CPU_REQUEST) / 1e6;
    }

    double redisCommands(double perSecond, int replicas) {
        return perSecond * get(Constant.REDIS_COMMANDS_REQUEST) + replicas * get(Constant.REDIS_COMMANDS_REPLICA);
    }

    /** In MiB, beside what Redis takes for itself. @param recent requests of the last interval, all locations' together */
    double redisMemory(double active, double recent) {
        return (active * get(Constant.REDIS_LOCATION) + recent * get(Constant.REDIS_ENTRY)) / KIB / KIB;
    }

    /** What is alive of it, in MiB. */
    double heap(double known, double active, double connections, double waiting, boolean shared) {
        double each = get(shared ? Constant.HEAP_ACTIVE : Constant.HEAP_ACTIVE_EMBEDDED);
        return get(Constant.HEAP_BASE)
                + (known * get(Constant.HEAP_KNOWN)
                                + active * each
                                + connections * get(Constant.HEAP_CONNECTION)
                                + waiting * get(Constant.HEAP_WAITING))
                        / KIB;
    }

    /** Of a replica with so much of its heap alive, in MiB. */
    double memory(double alive) {
        return Math.max(LEAST_HEAP, ROOM * alive) + get(Constant.BESIDE_HEAP);
    }
}
