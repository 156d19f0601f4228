package io.ghlgateway.redis;

import io.ghlgateway.limits.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A master, a replica that follows it, and Sentinels that let it take over. */
public final class TestSentinel implements AutoCloseable {

    private static final String NAME = "main";
    private static final Pattern FIT = Pattern.compile("(?s)\\bflags\\s+slave\\s.*\\bmaster-link-status\\s+ok\\b");

    private final RedisProcess master;
    private final RedisProcess replica;
    private final List<RedisProcess> sentinels;

    private TestSentinel(RedisProcess master, RedisProcess replica, List<RedisProcess> sentinels) {
        this.master = master;
        this.replica = replica;
        this.sentinels = sentinels;
    }

    /** Once the replica has what the master has, and the Sentinel knows of it. Nothing is given up, however slow the machine. */
    public static TestSentinel started() throws IOException {
        return started(Duration.ofSeconds(30));
    }

    /** @param downAfter when the Sentinel gives the master up */
    public static TestSentinel started(Duration downAfter) throws IOException {
        return started(downAfter, 1);
    }

    /** @param count of Sentinels; each may let the replica take over by itself when it is told to */
    public static TestSentinel started(Duration downAfter, int count) throws IOException {
        var master = RedisProcess.started();
        var replica = RedisProcess.started("replicaof 127.0.0.1 " + master.port());
        Await.patiently(() -> replica.ask("INFO", "replication").contains("master_link_status:up"));
        var sentinels = new ArrayList<RedisProcess>();
        for (int i = 0; i < count; i++) {
            sentinels.add(RedisProcess.sentinel(NAME, master.port(), downAfter));
        }
        // Only then may the replica be chosen; one that is merely known is not good enough for a Sentinel.
        Await.patiently(() -> sentinels.stream()
                .allMatch(each ->
                        FIT.matcher(each.ask("SENTINEL", "REPLICAS", NAME)).find()));
        return new TestSentinel(master, replica, sentinels);
    }

    public String uri() {
        return sentinels.stream()
                .map(each -> "127.0.0.1:" + each.port())
                .collect(Collectors.joining(",", "redis-sentinel://", "/0#" + NAME));
    }

    /** The Sentinel that is named first, and asked first. */
    public void killSentinel() {
        sentinels.get(0).kill();
    }

    /** It keeps its connections and answers nobody. */
    public void freezeMaster() throws IOException {
        master.freeze();
    }

    public void thawMaster() throws IOException {
        master.goOn();
    }

    /** What is written meanwhile it gets when it goes on. */
    public void freezeReplica() throws IOException {
        replica.freeze();
    }

    public void thawReplica() throws IOException {
        replica.goOn();
    }

    /** What the replica has in the place of a stream. */
    public int lengthAtReplica(String stream) {
        return Integer.parseInt(replica.ask("XLEN", stream));
    }

    public void killMaster() {
        master.kill();
    }

    /** Whether the replica is the master by now. */
    public boolean isPromoted() {
        try {
            return replica.ask("ROLE").startsWith("master");
        } catch (UncheckedIOException ended) {
            return false; // it ends all connections when it becomes one
        }
    }

    /** Whether Sentinels tell who asks them for the master of it, as they do up to a second after that. */
    public boolean isNamed() {
        return sentinels.stream()
                .allMatch(each ->
                        each.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).contains(String.valueOf(replica.port())));
    }

    /** Under way when it returns; both go on. */
    public void swap() {
        var sentinel = sentinels.get(sentinels.size() - 1);
        Await.patiently(() -> sentinel.ask("SENTINEL", "FAILOVER", NAME).matches("OK|.*INPROG.*"));
    }

    public RedisProcess replica() {
        return replica;
    }

    @Override
    public void close() throws IOException {
        for (var sentinel : sentinels) {
            sentinel.close();
        }
        replica.close();
        master.close();
    }
}
