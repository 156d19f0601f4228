package io.ghlgateway.settings;

import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says where and what a YAML parser stumbled over, without the line it stumbled in: a secret may stand there. */
final class SyntaxError {

    /** What the parser says of names, which it then repeats. */
    private static final Pattern NAMED =
            Pattern.compile("(found undefined alias|found undefined tag handle|tag is not allowed)\\b.*");

    private SyntaxError() {}

    /** {@code LINE:COLUMN: what}, both counted from 1. */
    static String describe(MarkedYAMLException e, String text) {
        Mark mark = Optional.ofNullable(e.getProblemMark()).orElse(e.getContextMark());
        if (mark == null) {
            return "1:1: " + what(e);
        }
        return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": " + what(e) + advice(mark, text);
    }

    static String describe(ReaderException e, String text) {
        String before = text.substring(0, Math.min(e.getPosition(), text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return String.format("%d:%d: the character U+%04X cannot stand in YAML", line, column, e.getCodePoint());
    }

    private static String what(MarkedYAMLException e) {
        String problem =
                NAMED.matcher(e.getProblem()).replaceAll("$1; put a value that begins with '*' or '!' in quotes");
        if (e.getContext() == null) {
            return problem;
        }
        Mark begin = e.getContextMark();
        String since = begin == null ? "" : " that begins in line " + (begin.getLine() + 1);
        return e.getContext() + since + ", " + problem;
    }

    /** The two mistakes that this file invites. */
    private static String advice(Mark mark, String text) {
        String before = text.substring(0, text.offsetByCodePoints(0, mark.getIndex()));
        if (before.endsWith("$") && text.startsWith("{", before.length())) {
            return "; put \"${NAME}\" in quotes within { } and [ ]";
        }
        return before.endsWith("*") ? "; put \"*\" in quotes" : "";
    }
}
