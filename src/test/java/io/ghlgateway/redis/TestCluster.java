package io.ghlgateway.redis;

import io.ghlgateway.limits.Await;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters on the loopback, with a third of the slots each. */
public final class TestCluster implements AutoCloseable {

    private static final int MASTERS = 3;

    private final List<RedisProcess> nodes = new ArrayList<>();
    private final Duration nodeTimeout;

    private TestCluster(Duration nodeTimeout) {
        this.nodeTimeout = nodeTimeout;
    }

    /** Once all of it is there. No node is given up, however slow the machine. */
    public static TestCluster started() throws IOException {
        return started(Duration.ofSeconds(30));
    }

    /** @param nodeTimeout after which the others give a node up */
    public static TestCluster started(Duration nodeTimeout) throws IOException {
        var cluster = new TestCluster(nodeTimeout);
        for (int i = 0; i < MASTERS; i++) {
            cluster.add();
        }
        int slot = 0;
        for (int i = 0; i < MASTERS; i++) {
            int end = SlotHash.SLOT_COUNT * (i + 1) / MASTERS;
            var node = cluster.nodes.get(i);
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
            node.ask(Stream.concat(
                            Stream.of("CLUSTER", "ADDSLOTS"),
                            IntStream.range(slot, end).mapToObj(Integer::toString))
                    .toArray(String[]::new));
            slot = end;
            cluster.introduce(node);
        }
        cluster.untilWhole(MASTERS);
        return cluster;
    }

    private void introduce(RedisProcess node) {
        nodes.stream()
                .filter(other -> other != node)
                .forEach(other -> other.ask("CLUSTER", "MEET", "127.0.0.1", "" + node.port()));
    }

    private RedisProcess add() throws IOException {
        var node = RedisProcess.started(
                "cluster-enabled yes",
                "cluster-node-timeout " + nodeTimeout.toMillis(),
                "cluster-replica-validity-factor 0");
        nodes.add(node);
        return node;
    }

    private void untilWhole(int known) {
        Await.patiently(() -> nodes.stream().allMatch(node -> {
            var info = node.ask("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + known);
        }));
    }

    /** One more node, which follows the master of this key and has what that has. */
    public RedisProcess follow(String key) throws IOException {
        var master = masterOf(key).ask("CLUSTER", "MYID");
        var replica = add();
        introduce(replica);
        untilWhole(nodes.size());
        Await.patiently(() -> replica.ask("CLUSTER", "REPLICATE", master).equals("OK"));
        Await.patiently(() -> replica.ask("INFO", "replication").contains("master_link_status:up")
                && nodes.stream().allMatch(node -> node.ask("CLUSTER", "NODES").contains("slave " + master)));
        return replica;
    }

    /** The node that would answer for this key itself. */
    public RedisProcess masterOf(String key) {
        return nodes.stream()
                .filter(RedisProcess::isRunning)
                .filter(node -> !node.ask("GET", key).startsWith("MOVED"))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Hands the slot of this key to another master, key by key.
     *
     * @param step run when the move has begun, and after each key
     */
    public void move(String key, Runnable step) {
        var from = masterOf(key);
        var to = nodes.stream()
                .filter(node -> node != from && node.ask("ROLE").startsWith("master"))
                .findFirst()
                .orElseThrow();
        var slot = "" + SlotHash.getSlot(key);
        to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", from.ask("CLUSTER", "MYID"));
        from.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", to.ask("CLUSTER", "MYID"));
        step.run();
        for (var keys = inSlot(from, slot); !keys.isEmpty(); keys = inSlot(from, slot)) {
            var moved = from.ask("MIGRATE", "127.0.0.1", "" + to.port(), keys.get(0), "0", "5000");
            if (!moved.equals("OK")) {
                throw new IllegalStateException(moved);
            }
            step.run();
        }
        to.ask("CLUSTER", "SETSLOT", slot, "NODE", to.ask("CLUSTER", "MYID"));
        from.ask("CLUSTER", "SETSLOT", slot, "NODE", to.ask("CLUSTER", "MYID"));
    }

    private static List<String> inSlot(RedisProcess node, String slot) {
        return node.ask("CLUSTER", "GETKEYSINSLOT", slot, "100").lines().toList();
    }

    /** Starts what was killed. Once all of it is there. */
    public void heal() throws IOException {
        for (var node : nodes) {
            if (!node.isRunning()) {
                node.start();
            }
        }
        untilWhole(nodes.size());
    }

    public List<RedisProcess> nodes() {
        return nodes;
    }

    public RedisAddress address() {
        var hosts = nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
        return RedisAddress.parse("redis://" + hosts, true).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        for (var node : nodes) {
            node.close();
        }
    }
}
