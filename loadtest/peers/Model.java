import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a deployment takes, by formulas that stand on the page of the model too. */
final class Model {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (-?[0-9.]+) \\|");
    private static final double KIB = 1024;
    static final double INTERVAL = 10; // seconds, in which a location's day is looked at once
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

    /** Cores of the CPU that all replicas use together. @param looks at days, in a second; see {@link #looks} */
    double cores(double perSecond, int replicas, double looks) {
        var replica = curve(
                get(Constant.CPU_IDLE),
                get(Constant.CPU_400),
                get(Constant.CPU_1900),
                get(Constant.RATE_FULL),
                get(Constant.CPU_FULL));
        return replicas * replica.at(perSecond / replicas) + looks * get(Constant.CPU_LOOK) / 1e6;
    }

    /** Without a Redis, of one replica. */
    double coresEmbedded(double perSecond) {
        return curve(
                        get(Constant.CPU_IDLE),
                        get(Constant.CPU_400_EMBEDDED),
                        get(Constant.CPU_1900_EMBEDDED),
                        get(Constant.RATE_FULL_EMBEDDED),
                        get(Constant.CPU_FULL_EMBEDDED))
                .at(perSecond);
    }

    /** And Redis. */
    double redisCores(double perSecond, double looks) {
        var redis = curve(
                0,
                get(Constant.REDIS_CPU_400),
                get(Constant.REDIS_CPU_1900),
                get(Constant.RATE_FULL),
                get(Constant.REDIS_CPU_FULL));
        return redis.at(perSecond) + looks * get(Constant.REDIS_CPU_LOOK) / 1e6;
    }

    private static Curve curve(double idleMillis, double low, double high, double fullRate, double full) {
        return new Curve(List.of(
                new Curve.Point(0, idleMillis / 1e3),
                Curve.Point.of(Regime.LOW, low),
                Curve.Point.of(Regime.HIGH, high),
                Curve.Point.of(fullRate, full)));
    }

    /**
     * How often in a second a location's day is looked at: by each replica, with the first request that comes ten seconds
     * after the look before, where requests come by chance.
     */
    static double looks(double perSecond, int replicas, double locations) {
        return perSecond / (1 + INTERVAL * perSecond / (replicas * locations));
    }

    /** And at most, however they come. */
    static double mostLooks(double perSecond, int replicas, double locations) {
        return Math.min(perSecond, replicas * locations / INTERVAL);
    }

    double redisCommands(double perSecond, int replicas, double looks) {
        return perSecond * get(Constant.REDIS_COMMANDS_REQUEST)
                + looks * get(Constant.REDIS_COMMANDS_LOOK)
                + replicas * get(Constant.REDIS_COMMANDS_REPLICA);
    }

    /** To and from Redis, in KiB a second. */
    double redisWire(double perSecond, double looks) {
        return perSecond * get(Constant.REDIS_WIRE_REQUEST) + looks * get(Constant.REDIS_WIRE_LOOK);
    }

    /** Of heap, in KiB a second. */
    double allocated(double perSecond, double looks) {
        return perSecond * get(Constant.ALLOCATED_REQUEST) + looks * get(Constant.ALLOCATED_LOOK);
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
