import java.util.List;

/**
 * Cores of the CPU by a rate: what is done for many requests at once costs each of them less, so it is no straight line.
 * Straight between the points, and beyond them as between the last two.
 */
record Curve(List<Point> points) {

    /** @param cores that are used at so many requests a second */
    record Point(double perSecond, double cores) {

        static Point of(double perSecond, double microsEach) {
            return new Point(perSecond, perSecond * microsEach / 1e6);
        }
    }

    /** @throws IllegalArgumentException where rates or cores do not grow from point to point */
    Curve {
        points = List.copyOf(points);
        for (int i = 1; i < points.size(); i++) {
            var from = points.get(i - 1);
            var to = points.get(i);
            if (to.perSecond() <= from.perSecond() || to.cores() <= from.cores()) {
                throw new IllegalArgumentException("more requests took no more of the CPU: " + points);
            }
        }
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
