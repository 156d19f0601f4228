import java.io.IOException;

/** Makes a peer as fast as it gets. JVMs are, when their compilers have come to rest: on two cores three of them take minutes for that. */
final class Warm {

    private static final double LAP_SECONDS = 3;
    private static final int MOST_LAPS = 60;
    private static final double SETTLED = 1.1; // times the best lap before
    private static final double AT_REST = 0.05; // of a core, all compilers' together

    /** Each rests while the others run, and its compilers then begin again: what that takes is not what a request costs. */
    private static final double RUN_IN_SECONDS = 2;

    private static final int MOST_RUN_INS = 5;

    private Warm() {}

    /**
     * So many requests at least, and until nobody compiles and it gets no faster; for three minutes at most.
     *
     * @return what the best lap answered in a second
     */
    static double up(Driver driver, Stand.Peer peer, long requests) throws IOException {
        double best = 0;
        long asked = 0;
        boolean warm = false;
        for (int lap = 0; lap < MOST_LAPS && !warm; lap++) {
            var compilers = compilers(peer);
            var seen = driver.saturate(LAP_SECONDS);
            if (seen.ok() == 0) {
                throw new IOException(peer.name() + " answers nothing with 2xx");
            }
            asked += seen.ok();
            warm = asked >= requests
                    && compilers(peer).since(compilers) < AT_REST * LAP_SECONDS
                    && seen.perSecond() < SETTLED * best;
            best = Math.max(best, seen.perSecond());
            emptyLogs(peer);
        }
        System.err.printf(
                "%s is %s: %.0f/s%n", peer.name(), warm ? "warm" : "not warm after %d laps".formatted(MOST_LAPS), best);
        return best;
    }

    /** After a rest. */
    static void again(Driver driver, Stand.Peer peer) throws IOException {
        for (int lap = 0; lap < MOST_RUN_INS; lap++) {
            var compilers = compilers(peer);
            driver.saturate(RUN_IN_SECONDS);
            if (compilers(peer).since(compilers) < AT_REST * RUN_IN_SECONDS) {
                return;
            }
        }
        System.err.printf("%s still compiles%n", peer.name());
    }

    /** Of all its processes. */
    static void emptyLogs(Stand.Peer peer) throws IOException {
        for (var process : peer.processes()) {
            process.emptyLogs();
        }
    }

    private static Threads compilers(Stand.Peer peer) throws IOException {
        var threads = Threads.none();
        for (var process : peer.processes()) {
            threads = threads.and(process.compilers());
        }
        return threads;
    }
}
