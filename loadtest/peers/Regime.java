import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A replica at work at two rates: low, at which each location is asked less than once in ten seconds, and high.
 *
 * <p>A request costs what it costs, and the first of its location in ten seconds a look at that location's day besides. So
 * what both take is told from two rates with different shares of such looks.
 */
record Regime(List<Costs.Load> low, List<Costs.Load> high, double lowShare, double highShare) {

    static final double LOW = 400;
    static final double HIGH = 1_900;
    /** Of a lap: as long as it takes for each location's day to be looked at once. */
    static final double SECONDS = 10;

    /**
     * Twice at each rate, in turn; which days are looked at is as the low rate has it when a lap of that has passed.
     *
     * @param locations asked in turn
     */
    static Regime of(Costs costs, int locations) throws IOException, InterruptedException {
        var low = new ArrayList<Costs.Load>();
        var high = new ArrayList<Costs.Load>();
        for (int i = 0; i < 2; i++) {
            high.add(costs.at(HIGH, SECONDS));
            costs.at(LOW, SECONDS);
            low.add(costs.at(LOW, SECONDS));
        }
        return new Regime(low, high, share(LOW, locations), share(HIGH, locations));
    }

    /** Of requests that find their location's day to be looked at, where locations are asked in turn: 1 where each does. */
    private static double share(double perSecond, int locations) {
        return 1 / Math.ceil(Model.INTERVAL * perSecond / locations);
    }

    /** For a request at the low rate. */
    double lowEach(ToDoubleFunction<Costs.Load> figure) {
        return each(low, figure);
    }

    double highEach(ToDoubleFunction<Costs.Load> figure) {
        return each(high, figure);
    }

    /** For a look at a day. */
    double look(ToDoubleFunction<Costs.Load> figure) {
        return (lowEach(figure) - highEach(figure)) / (lowShare - highShare);
    }

    /** For a request that needs no such look. */
    double request(ToDoubleFunction<Costs.Load> figure) {
        return highEach(figure) - highShare * look(figure);
    }

    double strangers() {
        return high.stream().mapToDouble(Costs.Load::strangers).max().orElseThrow();
    }

    private static double each(List<Costs.Load> loads, ToDoubleFunction<Costs.Load> figure) {
        return loads.stream().mapToDouble(figure).sum()
                / loads.stream().mapToDouble(Costs.Load::perSecond).sum();
    }
}
