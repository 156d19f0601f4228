/** What the model says of something, and what it was. */
record Prediction(String what, String unit, double predicted, double measured) {

    /** By how much what is measured may be above or below what was predicted. */
    static final double TOLERANCE = 0.25;

    /** 0.1: a tenth more than predicted. */
    double off() {
        return measured / predicted - 1;
    }

    boolean holds() {
        return Math.abs(off()) <= TOLERANCE; // not where it is no number
    }

    String line() {
        return "%s: predicted %s, measured %s %s (%+.0f %%)%s"
                .formatted(
                        what,
                        CapacityPage.figure(predicted),
                        CapacityPage.figure(measured),
                        unit,
                        off() * 100,
                        holds() ? "" : " OFF");
    }
}
