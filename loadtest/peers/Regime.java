import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A replica at work: at a low rate, at a high one, and at the high one with so many locations that each of them is asked less
 * than once in ten seconds.
 *
 * <p>A request costs what it costs, and the first of its location in ten seconds a look at that location's day besides. What
 * a look takes is told from the two high ones; what a request takes, from any of them without its looks.
 */
record Regime(List<Costs.Load> low, List<Costs.Load> high, List<Costs.Load> scattered) {

    static final double LOW = 400;
    static final double HIGH = 1_900;
    /** In turn: at the low rate each is asked after 12.5 s, at the high one after 2.6 s. */
    static final int LOCATIONS = 5_000;
    /** In turn: each is asked after 10.5 s at the high rate. */
    static final int SCATTERED = 20_000;
    /** Of a lap: as long as what days were looked at before makes a difference. */
    static final double SECONDS = 11;

    private static final double KEPT = 0.9; // of a rate, or the machine is too slow to tell what it takes

    /** Twice of each, in turn. @param many asks {@link #SCATTERED} locations, few {@link #LOCATIONS} */
    static Regime of(Costs few, Costs many) throws IOException, InterruptedException {
        var low = new ArrayList<Costs.Load>();
        var high = new ArrayList<Costs.Load>();
        var scattered = new ArrayList<Costs.Load>();
        for (int i = 0; i < 2; i++) {
            scattered.add(settled(many, HIGH));
            high.add(settled(few, HIGH));
            low.add(settled(few, LOW));
        }
        return new Regime(low, high, scattered);
    }

    private static Costs.Load settled(Costs costs, double perSecond) throws IOException, InterruptedException {
        costs.at(perSecond, SECONDS);
        var load = costs.at(perSecond, SECONDS);
        if (load.perSecond() < KEPT * perSecond) {
            throw new IOException("of %.0f requests a second %.0f were answered".formatted(perSecond, load.perSecond()));
        }
        return load;
    }

    /** Of requests that find their location's day to be looked at, where locations are asked in turn: 1 where each does. */
    private static double looks(double perSecond, int locations) {
        return 1 / Math.ceil(Model.INTERVAL * perSecond / locations);
    }

    /** For a look at a day. */
    double look(ToDoubleFunction<Costs.Load> figure) {
        return (each(scattered, figure) - each(high, figure)) / (looks(HIGH, SCATTERED) - looks(HIGH, LOCATIONS));
    }

    /** For a request at the low rate, its look apart. */
    double lowRequest(ToDoubleFunction<Costs.Load> figure) {
        return each(low, figure) - looks(LOW, LOCATIONS) * look(figure);
    }

    /** And at the high one. */
    double highRequest(ToDoubleFunction<Costs.Load> figure) {
        return each(high, figure) - looks(HIGH, LOCATIONS) * look(figure);
    }

    /** And at another of {@link #LOCATIONS}. */
    double request(Costs.Load load, ToDoubleFunction<Costs.Load> figure) {
        return figure.applyAsDouble(load) / load.perSecond() - looks(load.perSecond(), LOCATIONS) * look(figure);
    }

    double strangers() {
        return Stream.of(low, high, scattered)
                .flatMap(List::stream)
                .mapToDouble(Costs.Load::strangers)
                .max()
                .orElseThrow();
    }

    private static double each(List<Costs.Load> loads, ToDoubleFunction<Costs.Load> figure) {
        return loads.stream().mapToDouble(figure).sum()
                / loads.stream().mapToDouble(Costs.Load::perSecond).sum();
    }
}
