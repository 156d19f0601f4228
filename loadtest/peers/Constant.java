import java.util.Locale;

/** What the model of capacity rests on. Each is measured by {@link Capacity}, and by nothing else. */
enum Constant {
    CPU_IDLE("ms/s", true, "the CPU's time in a replica of which nobody asks anything"),
    CPU_400("µs", true, "the CPU's time in a replica for a request, with a Redis, at 400 a second; looks apart"),
    CPU_1900("µs", true, "the same at 1,900 a second"),
    CPU_FULL("µs", true, "the same where 64 connections ask without a pause"),
    RATE_FULL("/s", true, "requests that it answered then, of a second"),
    CPU_LOOK("µs", true, "the CPU's time in a replica for a look at a location's day, and to pay it what was sent"),
    CPU_400_EMBEDDED("µs", true, "`cpu_400` without a Redis"),
    CPU_1900_EMBEDDED("µs", true, "`cpu_1900` without a Redis"),
    CPU_FULL_EMBEDDED("µs", true, "`cpu_full` without a Redis"),
    RATE_FULL_EMBEDDED("/s", true, "`rate_full` without a Redis"),
    REDIS_CPU_400("µs", true, "the CPU's time in Redis for a request, at 400 a second, all replicas' together; looks apart"),
    REDIS_CPU_1900("µs", true, "the same at 1,900 a second"),
    REDIS_CPU_FULL("µs", true, "the same at `rate_full`"),
    REDIS_CPU_LOOK("µs", true, "the CPU's time in Redis for a look"),
    REDIS_COMMANDS_REQUEST("", false, "commands in Redis for a request that shares none, those that scripts call too; looks apart"),
    REDIS_COMMANDS_LOOK("", false, "and for a look"),
    REDIS_COMMANDS_REPLICA("/s", false, "and of a replica of which nobody asks anything"),
    REDIS_WIRE_REQUEST("KiB", false, "to and from Redis for a request"),
    REDIS_WIRE_LOOK("KiB", false, "and for a look"),
    REDIS_CONNECTIONS("", false, "of a replica to Redis"),
    REDIS_LOCATION(
            "bytes",
            false,
            "in Redis for a location in use, its log of payments yet empty; all but the log stays for a day"),
    REDIS_ENTRY("bytes", false, "and for each of its requests of the last interval"),
    ALLOCATED_REQUEST("KiB", false, "of heap that a request uses and leaves to the collector"),
    ALLOCATED_LOOK("KiB", false, "and a look"),
    HEAP_BASE("MiB", false, "of heap alive in a replica that has worked and knows nobody"),
    HEAP_KNOWN("KiB", false, "of heap for each tenant that it knows"),
    HEAP_ACTIVE("KiB", false, "of heap for each that is in use, with a Redis"),
    HEAP_ACTIVE_EMBEDDED("KiB", false, "the same without"),
    HEAP_CONNECTION("KiB", false, "of heap for each open connection of a caller"),
    HEAP_WAITING("KiB", false, "of heap for each request that waits, its connection apart"),
    BESIDE_HEAP("MiB", false, "of memory that is no heap: code, classes, threads, buffers");

    final String unit;
    /** Another machine has another. */
    final boolean ofTheMachine;

    final String what;

    Constant(String unit, boolean ofTheMachine, String what) {
        this.unit = unit;
        this.ofTheMachine = ofTheMachine;
        this.what = what;
    }

    /** As it is written in formulas. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
