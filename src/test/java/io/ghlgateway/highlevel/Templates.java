package io.ghlgateway.highlevel;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rule of matching, told as plainly as can be: look at every template, keep those that fit, take the best. */
final class Templates {

    private Templates() {}

    /** What a path gets: the best template that fits exactly, else the best that fits but for one trailing slash. */
    static Optional<String> best(Collection<String> templates, String path) {
        var exact = bestExact(templates, path);
        return exact.isPresent() || path.endsWith("//") ? exact : bestExact(templates, sibling(path));
    }

    static boolean fits(String template, String path) {
        var pattern = template.split("/", -1);
        var segments = path.split("/", -1);
        if (pattern.length != segments.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (isParam(pattern[i]) ? segments[i].isEmpty() : !pattern[i].equals(segments[i])) {
                return false;
            }
        }
        return true;
    }

    /** A path that both fit, if there is one. */
    static Optional<String> common(String one, String other) {
        var a = one.split("/", -1);
        var b = other.split("/", -1);
        var path = new String[a.length];
        for (int i = 0; i < a.length && a.length == b.length; i++) {
            path[i] = isParam(a[i]) ? filled(b[i]) : a[i];
        }
        return Optional.of(path)
                .filter(p -> a.length == b.length)
                .map(p -> String.join("/", p))
                .filter(p -> fits(one, p) && fits(other, p));
    }

    /** A path that fits this template: each parameter becomes a word that is a literal nowhere. */
    static String filled(String template) {
        return template.replaceAll("\\{[^}]*}", "ve9EPM428h8vShlRW1KT");
    }

    /** The template without its parameters' names. */
    static String shape(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }

    /** One character a segment, literal before parameter, so that the earlier in this order wins. */
    static String rank(String template) {
        return String.join(
                "",
                List.of(template.split("/", -1)).stream()
                        .map(s -> isParam(s) ? "b" : "a")
                        .toList());
    }

    private static Optional<String> bestExact(Collection<String> templates, String path) {
        return templates.stream().filter(t -> fits(t, path)).min(Comparator.comparing(Templates::rank));
    }

    private static String sibling(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
    }

    private static boolean isParam(String segment) {
        return segment.startsWith("{");
    }
}
