package io.ghlgateway.settings;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds what a misspelt name was meant to be. */
public final class Spelling {

    /** As many letters at the beginning make two names relatives, whatever follows. */
    private static final int ALIKE = 4;

    private Spelling() {}

    /** {@code "; did you mean 'a' or 'b'?"}, or nothing when no name is near. */
    public static String hint(String typed, Collection<String> known) {
        List<String> near = nearest(typed, known);
        return near.isEmpty()
                ? ""
                : near.stream()
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(" or ", "; did you mean ", "?"));
    }

    /**
     * The names the fewest edits away, all of them when several are as near; else those that begin alike. Case, dashes and
     * underscores do not count: {@code maxBody} is {@code max-body}.
     */
    static List<String> nearest(String typed, Collection<String> known) {
        String wanted = folded(typed);
        int best = Integer.MAX_VALUE;
        for (String name : known) {
            if (isNear(wanted, name)) {
                best = Math.min(best, edits(wanted, folded(name)));
            }
        }
        int fewest = best;
        return known.stream()
                .filter(name -> fewest == Integer.MAX_VALUE
                        ? begins(folded(name), wanted)
                        : isNear(wanted, name) && edits(wanted, folded(name)) == fewest)
                .sorted()
                .toList();
    }

    /** Lengths first: they cost next to nothing, and most of many names differ in it already. */
    private static boolean isNear(String wanted, String name) {
        String folded = folded(name);
        return Math.abs(wanted.length() - folded.length()) <= tolerated(name)
                && edits(wanted, folded) <= tolerated(name);
    }

    /** Half of a short name wrong is another name. */
    private static int tolerated(String name) {
        return name.length() <= 3 ? 1 : name.length() <= 7 ? 2 : 3;
    }

    private static boolean begins(String name, String wanted) {
        int shorter = Math.min(name.length(), wanted.length());
        int shared = Math.min(shorter, ALIKE);
        return shared >= 2 && name.regionMatches(0, wanted, 0, shared);
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other: the Damerau-Levenshtein
     * distance in its "optimal string alignment" form.
     */
    private static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
