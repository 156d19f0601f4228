package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Prints what a match costs, over every path of the catalogue in random order. Run by hand; asserts nothing. */
final class MatchTiming {

    private MatchTiming() {}

    private record Asked(HttpMethod method, String path) {}

    public static void main(String[] args) {
        var catalogue = RouteCatalogue.load();
        List<Asked> asked = new ArrayList<>();
        for (Route route : catalogue.routes()) {
            asked.add(new Asked(route.method(), Templates.filled(route.template())));
        }
        Collections.shuffle(asked, new Random(1));
        long known = 0;
        for (int round = 1; round <= 6; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 3000; i++) {
                for (Asked one : asked) {
                    known += catalogue.match(one.method(), one.path()).isKnown() ? 1 : 0;
                }
            }
            double each = (System.nanoTime() - start) / (3000.0 * asked.size());
            System.out.printf("round %d: %.0f ns a match (%d known)%n", round, each, known);
        }
    }
}
