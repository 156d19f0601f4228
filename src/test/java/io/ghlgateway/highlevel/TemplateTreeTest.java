package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTreeTest {

    @Property(tries = 1000)
    void decidesBetweenTwoOverlappingTemplatesAsAnExhaustiveSearchDoes(@ForAll("overlapping") Overlap overlap) {
        var templates = overlap.templates();
        var tree = tree(templates);

        for (String path : overlap.paths()) {
            assertThat(Optional.ofNullable(tree.find(path))).as(path).isEqualTo(Templates.best(templates, path));
        }
    }

    @Property(tries = 1000)
    void decidesAmongManyTemplatesAsAnExhaustiveSearchDoes(
            @ForAll("templates") List<String> drawn, @ForAll("paths") List<String> paths) {
        var templates = distinctShapes(drawn);
        var tree = tree(templates);

        for (String path : paths) {
            assertThat(Optional.ofNullable(tree.find(path))).as(path).isEqualTo(Templates.best(templates, path));
        }
    }

    @Test
    void goesBackToTheParameterWhenALiteralLedNowhere() {
        var tree = tree(List.of("/a/b/c/d", "/a/{p}/c/{q}", "/{r}/b/c/e"));

        assertThat(tree.find("/a/b/c/d")).isEqualTo("/a/b/c/d");
        assertThat(tree.find("/a/b/c/x")).isEqualTo("/a/{p}/c/{q}");
        assertThat(tree.find("/a/b/c/e")).isEqualTo("/a/{p}/c/{q}");
        assertThat(tree.find("/z/b/c/e")).isEqualTo("/{r}/b/c/e");
        assertThat(tree.find("/z/b/c/d")).isNull();
    }

    @Test
    void prefersTheTemplateThatHasTheSlashAsThePathHasIt() {
        var tree = tree(List.of("/a/b", "/a/{p}/"));

        assertThat(tree.find("/a/b")).isEqualTo("/a/b");
        assertThat(tree.find("/a/b/")).isEqualTo("/a/{p}/");
        assertThat(tree.find("/a/x")).isEqualTo("/a/{p}/");
    }

    @Test
    void neverTakesAnEmptySegmentForAParameter() {
        var tree = tree(List.of("/a/{p}", "/a/{p}/b"));

        assertThat(tree.find("/a/")).isNull();
        assertThat(tree.find("/a//")).isNull();
        assertThat(tree.find("/a//b")).isNull();
        assertThat(tree.find("/a/x//")).isNull();
    }

    @Test
    void refusesASecondTemplateOfTheSameShape() {
        var tree = tree(List.of("/a/{p}"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tree.add("/a/{q}", "again"))
                .withMessageContaining("/a/{q}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "//", "/a//b", "/a/{p", "/a/x{p}"})
    void refusesWhatIsNoTemplate(String template) {
        assertThatIllegalArgumentException().isThrownBy(() -> tree(List.of(template)));
    }

    @Provide
    Arbitrary<Overlap> overlapping() {
        var words = Arbitraries.of("a", "b", "c").list().ofMinSize(1).ofMaxSize(6);
        return words.flatMap(base -> {
            var mask = Arbitraries.of(true, false).list().ofSize(base.size());
            var near = Arbitraries.of("a", "b", "c", "x").list().ofSize(base.size());
            return Combinators.combine(mask, mask, near.list().ofSize(6), Arbitraries.of("", "/"))
                    .as((one, other, others, slash) -> {
                        var templates = List.of(masked(base, one), masked(base, other) + slash);
                        var paths = new ArrayList<String>();
                        others.forEach(words1 -> paths.add("/" + String.join("/", words1)));
                        paths.add("/" + String.join("/", base));
                        List.copyOf(paths).forEach(path -> paths.add(path + "/"));
                        return new Overlap(templates, paths);
                    })
                    .filter(Overlap::isOfTwo);
        });
    }

    @Provide
    Arbitrary<List<String>> templates() {
        return path("a", "b", "{p}").list().ofMinSize(1).ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<String>> paths() {
        return path("a", "b", "x", "").list().ofSize(30);
    }

    record Overlap(List<String> templates, List<String> paths) {

        /** Two that differ, so that every try is one of a pair. */
        boolean isOfTwo() {
            return distinctShapes(templates).size() == 2;
        }
    }

    private static Arbitrary<String> path(String... segments) {
        return Combinators.combine(Arbitraries.of(segments).list().ofMinSize(1).ofMaxSize(5), Arbitraries.of("", "/"))
                .as(Tuple::of)
                .map(drawn -> "/" + String.join("/", drawn.get1()) + drawn.get2());
    }

    private static String masked(List<String> words, List<Boolean> isParam) {
        var template = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            template.append('/').append(isParam.get(i) ? "{p" + i + "}" : words.get(i));
        }
        return template.toString();
    }

    private static Collection<String> distinctShapes(List<String> templates) {
        var byShape = new LinkedHashMap<String, String>();
        templates.forEach(template -> byShape.putIfAbsent(Templates.shape(template), template));
        return List.copyOf(byShape.values());
    }

    private static TemplateTree<String> tree(Collection<String> templates) {
        var tree = new TemplateTree<String>();
        templates.forEach(template -> tree.add(template, template));
        return tree;
    }
}
