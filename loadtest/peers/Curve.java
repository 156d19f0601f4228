import java.util.List;

/**
 * Cores of the CPU by a rate: what is done for many requests at once costs each of them less, so it is no straight line.
 * Straight between the points, and as from the last but one to the last beyond it.
 */
record Curve(List<Point> points) {

    /** @param cores that are used at so many requests a second */
    record Point(double perSecond, double cores) {

        static Point of(double perSecond, double microsEach) {
            return new Point(perSecond, perSecond * microsEach / 1e6);
        }
    }

    /** @param points by their rates */
    Curve {
        points = List.copyOf(points);
    }

    double at(double perSecond) {
        int next = 1;
        while (next < points.size() - 1 && points.get(next).perSecond() < perSecond) {
            next++;
        }
        var from = points.get(next - 1);
        var to = points.get(next);
        double share = (perSecond - from.perSecond()) / (to.perSecond() - from.perSecond());
        return from.cores() + share * (to.cores() - from.cores());
    }
}
