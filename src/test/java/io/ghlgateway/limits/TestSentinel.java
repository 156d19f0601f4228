package io.ghlgateway.limits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.regex.Pattern;

/** A master, a replica that follows it, and a Sentinel that lets it take over. */
public final class TestSentinel implements AutoCloseable {

    private static final String NAME = "main";
    private static final Pattern FIT = Pattern.compile("(?s)\\bflags\\s+slave\\s.*\\bmaster-link-status\\s+ok\\b");

    private final RedisProcess master;
    private final RedisProcess replica;
    private final RedisProcess sentinel;

    private TestSentinel(RedisProcess master, RedisProcess replica, RedisProcess sentinel) {
        this.master = master;
        this.replica = replica;
        this.sentinel = sentinel;
    }

    /** Once the replica has what the master has, and the Sentinel knows of it. Nothing is given up, however slow the machine. */
    public static TestSentinel started() throws IOException {
        return started(Duration.ofSeconds(30));
    }

    /** @param downAfter when the Sentinel gives the master up */
    static TestSentinel started(Duration downAfter) throws IOException {
        var master = RedisProcess.started();
        var replica = RedisProcess.started("replicaof 127.0.0.1 " + master.port());
        Await.patiently(() -> replica.ask("INFO", "replication").contains("master_link_status:up"));
        var sentinel = RedisProcess.sentinel(NAME, master.port(), downAfter);
        // Only then may the replica be chosen; one that is merely known is not good enough for a Sentinel.
        Await.patiently(
                () -> FIT.matcher(sentinel.ask("SENTINEL", "REPLICAS", NAME)).find());
        return new TestSentinel(master, replica, sentinel);
    }

    public String uri() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#" + NAME;
    }

    void killMaster() {
        master.kill();
    }

    /** Whether the replica is the master by now. */
    boolean isPromoted() {
        try {
            return replica.ask("ROLE").startsWith("master");
        } catch (UncheckedIOException ended) {
            return false; // it ends all connections when it becomes one
        }
    }

    /** Under way when it returns; both go on. */
    void swap() {
        Await.patiently(() -> sentinel.ask("SENTINEL", "FAILOVER", NAME).matches("OK|.*INPROG.*"));
    }

    RedisProcess replica() {
        return replica;
    }

    @Override
    public void close() throws IOException {
        sentinel.close();
        replica.close();
        master.close();
    }
}
