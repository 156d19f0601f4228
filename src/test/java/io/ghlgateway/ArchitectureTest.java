package io.ghlgateway;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The layers and the house rules, held by the build. A package that is not built yet breaks no rule. */
@AnalyzeClasses(packages = "io.ghlgateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.ghlgateway";
    private static final String SIMULATOR = ROOT + ".simulator";
    private static final String TELEMETRY = ROOT + ".telemetry";

    /** From the top down. A package may import those of the lines below its own, never its peers. */
    private static final List<List<String>> LAYERS = List.of(
            List.of(ROOT),
            List.of(ROOT + ".wiring"),
            List.of(TELEMETRY, ROOT + ".settings"),
            List.of(ROOT + ".edge", ROOT + ".install", ROOT + ".webhooks", ROOT + ".admin"),
            List.of(ROOT + ".dispatch", ROOT + ".limits.redis"),
            List.of(ROOT + ".credentials", ROOT + ".limits"),
            List.of(ROOT + ".highlevel"),
            List.of(ROOT + ".tenancy", ROOT + ".redis", ROOT + ".disk", ROOT + ".http"),
            List.of(ROOT + ".digest"));

    private static final int LINES = 300;

    @ArchTest
    static void arrowsPointDownOnlyAndPeersNeverImportEachOther(JavaClasses classes) {
        List<ArchRule> arrows = new ArrayList<>();
        for (int line = 0; line < LAYERS.size(); line++) {
            List<String> below = packages(LAYERS.subList(line + 1, LAYERS.size()));
            for (String layer : LAYERS.get(line)) {
                String[] forbidden = packages(LAYERS).stream()
                        .filter(other -> !other.equals(layer) && !below.contains(other))
                        .toArray(String[]::new);
                arrows.add(noClasses()
                        .that()
                        .resideInAPackage(layer)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden));
            }
        }

        CompositeArchRule.of(arrows).allowEmptyShould(true).check(classes);
    }

    @ArchTest
    static void everyClassLivesInAKnownPackage(JavaClasses classes) {
        String[] known = Stream.concat(packages(LAYERS).stream(), Stream.of(SIMULATOR + ".."))
                .toArray(String[]::new);

        classes().should().resideInAnyPackage(known).check(classes);
    }

    @ArchTest
    static void theSimulatorImportsNothingOfOurs(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(LAYERS).toArray(String[]::new))
                .allowEmptyShould(true)
                .check(classes);
    }

    @ArchTest
    static void onlyTheCommandLineSeesTheSimulator(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, SIMULATOR + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SIMULATOR + "..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @ArchTest
    static void onlyTelemetryKnowsMicrometer(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage(TELEMETRY)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @ArchTest
    static void onlyTelemetryKnowsOpenTelemetry(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage(TELEMETRY)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(classes);
    }

    @ArchTest
    static void nothingSleeps(JavaClasses classes) {
        noClasses()
                .should()
                .callMethodWhere(target(name("sleep")).and(target(owner(name(Thread.class.getName())))))
                .orShould()
                .callMethodWhere(target(name("sleep")).and(target(owner(name(TimeUnit.class.getName())))))
                .check(classes);
    }

    /** So that what replicas share lives by Redis's clock, wherever their own ones stand. */
    @ArchTest
    static void noBudgetReadsTheMachinesClock(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".limits..")
                .and()
                .doNotHaveSimpleName("SpendJournal") // of one that shares nothing, and then of none
                .should()
                .callMethodWhere(target(name("currentTimeMillis")))
                .orShould()
                .callMethodWhere(target(name("now")).and(target(owner(name(Instant.class.getName())))))
                .orShould()
                .callMethodWhere(target(name("system")).and(target(owner(name(InstantSource.class.getName())))))
                .orShould()
                .accessField(TimeMeter.class, "SYSTEM_MILLISECONDS")
                .orShould()
                .accessField(TimeMeter.class, "SYSTEM_NANOTIME")
                .check(classes);
    }

    @ArchTest
    static void nothingUsesJavaUtilLogging(JavaClasses classes) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging")
                .check(classes);
    }

    @ArchTest
    static void nothingIsInjectedIntoFields(JavaClasses classes) {
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(classes);
    }

    @ArchTest
    static void staticsNeverChange(JavaClasses classes) {
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(classes);
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        classes().should(liveInANullMarkedPackage()).check(classes);
    }

    @Test
    void noMainSourceIsLongerThanThreeHundredLines() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> all = sources.filter(Files::isRegularFile).toList();

            assertThat(all)
                    .isNotEmpty()
                    .filteredOn(source -> lines(source) > LINES)
                    .isEmpty();
        }
    }

    private static List<String> packages(List<List<String>> layers) {
        return layers.stream().flatMap(List::stream).toList();
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info says @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, type.getName() + " lives in " + type.getPackageName() + ", which is not marked"));
            }
        };
    }

    private static long lines(Path source) {
        try (Stream<String> lines = Files.lines(source)) {
            return lines.count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
