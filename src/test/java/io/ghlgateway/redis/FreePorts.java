package io.ghlgateway.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Ports for servers that are told theirs and may be down for a while. They lie below those that systems give to sockets
 * which name none (32768 and up on Linux, 49152 on others), so nothing else takes them meanwhile; and each of the
 * processes that run the tests side by side has some of its own.
 */
public final class FreePorts {

    private static final int FIRST = 11_000;
    private static final int OF_EACH = 2_500;
    private static final int PROCESSES = 4;
    /** A node of a Redis Cluster takes the port so far above its own, too. */
    private static final int BUS = 10_000;

    /** Which of the processes this is; the build sets it. */
    private static final int MINE =
            FIRST + OF_EACH * (Integer.parseInt(System.getProperty("test.process", "0")) % PROCESSES);

    /** Where the last one was found. Begins somewhere, for servers of a run before may not be gone yet. */
    private static int last = (int) (ProcessHandle.current().pid() % OF_EACH);

    private FreePorts() {}

    public static synchronized int next() {
        for (int i = 0; i < OF_EACH; i++) {
            last = (last + 1) % OF_EACH;
            if (isFree(MINE + last)) {
                return MINE + last;
            }
        }
        throw new IllegalStateException("no port is free from " + MINE + " to " + (MINE + OF_EACH));
    }

    /** One that leaves room for a Cluster's bus. */
    static int ofANode() {
        int port = next();
        while (!isFree(port + BUS)) {
            port = next();
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
