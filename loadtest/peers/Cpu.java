import java.io.IOException;

/**
 * What a peer's own processes and its Redis have used, by the kernel's account, and all others that have no part in the
 * measurement: in seconds.
 */
record Cpu(double own, double redis, double strangers, double all) {

    static Cpu of(Stand.Peer peer, Stand stand) throws IOException {
        double own = 0;
        for (var process : peer.processes()) {
            own += process.cpuSeconds();
        }
        double redis = peer.redis().isPresent() ? peer.redis().get().server().cpuSeconds() : 0;
        double all = Machine.busySeconds();
        return new Cpu(own, redis, all - stand.cpuSeconds(), all);
    }

    Cpu since(Cpu before) {
        return new Cpu(own - before.own, redis - before.redis, strangers - before.strangers, all - before.all);
    }

    double ownMicros(long requests) {
        return own * 1e6 / requests;
    }

    double redisMicros(long requests) {
        return redis * 1e6 / requests;
    }

    /** Of all that the machine worked, 0 to 1. */
    double strangersShare() {
        return all <= 0 ? 0 : Math.max(0, strangers / all);
    }
}
