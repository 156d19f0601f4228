import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** What was measured, what was predicted by it, and what deployments take by it: the part of the model's page that is made here. */
final class CapacityPage {

    private static final String BEGIN = "<!-- from here on written by loadtest/capacity.sh -->\n";
    private static final String END = "<!-- until here -->\n";
    private static final double BUSY = 0.1;
    private static final int[] SIZES = {100, 1_000, 10_000, 100_000};
    private static final double UTILISED = 0.6;
    private static final int COMPANY = 3;
    private static final double RATE_STEP = 10;

    /** What was seen of so many replicas. */
    record Replicas(int count, Costs.Load load) {

        String row() {
            double rate = load.perSecond();
            return "| %d | %,.0f | %.0f µs | %.0f µs | %.2f | %.2f KiB | %.1f KiB |%n"
                    .formatted(
                            count,
                            rate,
                            load.cores() / rate * 1e6,
                            load.redisCores() / rate * 1e6,
                            load.commands() / rate,
                            load.wire() / rate / 1024,
                            load.allocated() / rate / 1024);
        }
    }

    private final Model model;
    private final List<Prediction> predictions;
    private final String kinds;
    private final List<Replicas> replicas;
    private final String machine;
    private final String commit;
    private final double strangers;
    private final String notMeasured;

    /**
     * @param kinds of keys in Redis
     * @param replicas one and more of them, at the same load; none where nothing is written
     * @param strangers the largest share of the machine's work that was others'
     * @param notMeasured lines of a list that say what could not be, and why; empty where all could
     */
    CapacityPage(
            Model model,
            List<Prediction> predictions,
            String kinds,
            List<Replicas> replicas,
            String machine,
            String commit,
            double strangers,
            String notMeasured) {
        this.model = model;
        this.predictions = predictions;
        this.kinds = kinds;
        this.replicas = replicas;
        this.machine = machine;
        this.commit = commit;
        this.strangers = strangers;
        this.notMeasured = notMeasured;
    }

    /** For whoever watches. */
    String text() {
        var text = new StringBuilder();
        predictions.forEach(prediction -> text.append(prediction.line()).append('\n'));
        return text.append(notMeasured).append(busy()).toString();
    }

    /** Puts it in the place of what an earlier run wrote. */
    void write(Path page) throws IOException {
        var old = Files.readString(page);
        int from = old.indexOf(BEGIN);
        int to = old.indexOf(END);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no part that is to be written");
        }
        Files.writeString(page, old.substring(0, from + BEGIN.length()) + "\n" + part() + "\n" + old.substring(to));
    }

    private String part() {
        var part = new StringBuilder("`loadtest/capacity.sh` on %s, commit `%s`, %s. %s%n%n"
                .formatted(LocalDate.now(ZoneOffset.UTC), commit, machine, busy().strip()));
        part.append("| constant | measured | | what |\n|---|---|---|---|\n");
        for (var constant : Constant.values()) {
            part.append("| `%s` | %s | %s | %s |%n"
                    .formatted(
                            constant,
                            plain(model.get(constant)),
                            constant.unit + (constant.ofTheMachine ? ", here" : ""),
                            constant.what));
        }
        part.append("\nKeys in Redis of the locations that were called: ")
                .append(kinds)
                .append(".\n");
        part.append("At %.1f of a core a replica answers %,.0f requests a second of which each looks at its location's day, and without a Redis %,.0f.%n"
                .formatted(UTILISED, most(rate -> model.cores(rate, 1, rate)), most(model::coresEmbedded)));
        part.append(
                "\n### Predicted and measured\n\n| what | predicted | measured | | off by |\n|---|---|---|---|---|\n");
        for (var prediction : predictions) {
            part.append("| %s | %s | %s | %s | %+.0f %%%s |%n"
                    .formatted(
                            prediction.what(),
                            figure(prediction.predicted()),
                            figure(prediction.measured()),
                            prediction.unit(),
                            prediction.off() * 100,
                            prediction.holds() ? "" : " **too far**"));
        }
        if (!notMeasured.isEmpty()) {
            part.append('\n').append(notMeasured);
        }
        part.append("\n### By replicas\n\nThe same load for each number of them, all on these cores.\n\n");
        part.append(
                "| replicas | requests/s | CPU, all replicas', each request | Redis' CPU | Redis' commands | to and from Redis | heap used up |\n");
        part.append("|---|---|---|---|---|---|---|\n");
        replicas.forEach(seen -> part.append(seen.row()));
        part.append("\n### For N locations\n\n");
        part.append(
                "Each is asked once in %.0f s, so that each request looks at its day; replicas of one core, used to %.0f %% at most, one more than that, and never fewer than %d.%n%n"
                        .formatted(Model.INTERVAL, UTILISED * 100, COMPANY));
        part.append(
                "| N | requests/s | replicas | heap alive, each | memory, each | Redis: memory, doubled | commands/s | cores |\n");
        part.append("|---|---|---|---|---|---|---|---|\n");
        for (int size : SIZES) {
            part.append(row(size));
        }
        return part.toString();
    }

    /** The rate at which these are as many cores as are to be used, down to a ten. */
    private static double most(DoubleUnaryOperator cores) {
        double rate = 0;
        while (cores.applyAsDouble(rate + RATE_STEP) <= UTILISED) {
            rate += RATE_STEP;
        }
        return rate;
    }

    /** So many requests a second, of which each looks at its day, take {@link #UTILISED} of a core in each of so many replicas. */
    private boolean fit(double perSecond, int replicas) {
        return model.cores(perSecond, replicas, perSecond) <= UTILISED * replicas;
    }

    private String row(int size) {
        double rate = (double) size / Model.INTERVAL;
        int busy = 1;
        while (!fit(rate, busy)) {
            busy++;
        }
        int replicas = Math.max(COMPANY, busy + 1);
        double looks = Model.mostLooks(rate, replicas, size);
        double heap = model.heap(size, size, 0, 0, true);
        return "| %,d | %,.0f | %d | %s MiB | %s MiB | %s MiB | %s | %s |%n"
                .formatted(
                        size,
                        rate,
                        replicas,
                        figure(heap),
                        figure(model.memory(heap)),
                        figure(2 * model.redisMemory(size, size)),
                        figure(model.redisCommands(rate, replicas, looks)),
                        figure(model.redisCores(rate, looks)));
    }

    private String busy() {
        return strangers < BUSY
                ? ""
                : "Others did up to %.0f %% of the machine's work meanwhile: the CPU's figures are not to be quoted.%n"
                        .formatted(strangers * 100);
    }

    /** Three digits at least, and no more behind the point than that takes. */
    static String figure(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The same, to be read again. */
    private static String plain(double value) {
        return figure(value).replace(",", "");
    }
}
