package io.ghlgateway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogFileTest {

    private static final String NAME = "test.log";

    private final FakeDisk disk = new FakeDisk();

    /** Thousands of torn ends would be thousands of warnings. */
    @BeforeAll
    @BeforeContainer
    static void quiet() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(LogFile.class)).setLevel(Level.ERROR);
    }

    @AfterAll
    @AfterContainer
    static void loud() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(LogFile.class)).setLevel(null);
    }

    /** What a log was told, and what it may be caught half-way to. */
    private static final class Told {
        List<String> confirmed = new ArrayList<>();
        final List<List<String>> possible = new ArrayList<>();

        void append(LogFile log, String... entries) throws IOException {
            var next = new ArrayList<>(confirmed);
            next.addAll(List.of(entries));
            possible.add(next);
            log.append(Arrays.stream(entries).map(LogFileTest::bytes).toList());
            confirmed = next;
            possible.clear();
        }

        void rewrite(LogFile log, String... entries) throws IOException {
            possible.add(List.of(entries));
            log.rewrite(Arrays.stream(entries).map(LogFileTest::bytes).toList());
            confirmed = new ArrayList<>(List.of(entries));
            possible.clear();
        }
    }

    @Test
    void showsWhatWasAppendedAndTakesMore() throws IOException {
        var told = new Told();
        told.append(open(disk, new ArrayList<>()), "a", "b", "");
        told.append(open(disk, new ArrayList<>()), "c");

        assertThat(reopened(disk)).containsExactly("a", "b", "", "c");
    }

    @Test
    void aPowerCutAtAnyStepAndByteLosesNothingConfirmedAndInventsNothing() throws IOException {
        long steps = history(disk, new Told(), Long.MAX_VALUE);

        int states = 0;
        for (long cut = 0; cut < steps; cut++) {
            var cutDisk = new FakeDisk();
            var told = new Told();
            long at = cut;
            assertThatThrownBy(() -> history(cutDisk, told, at)).isInstanceOf(FakeDisk.PowerCut.class);
            for (var found : cutDisk.afterPowerCut()) {
                assertHolds(found, told);
                states++;
            }
        }
        assertThat(states).isGreaterThan(1_000);
    }

    private static long history(FakeDisk disk, Told told, long steps) throws IOException {
        disk.losePowerAfter(steps);
        var log = open(disk, new ArrayList<>());
        told.append(log, "a");
        told.append(log, "bb", "cc", "dd");
        told.append(log, "a batch of more than one block would look like this");
        told.rewrite(log, "cc", "f");
        told.append(log, "g");
        told.append(log, "hh", "i");
        return disk.steps();
    }

    /** Found like this it must go on as if nothing had been. */
    private static void assertHolds(FakeDisk found, Told told) throws IOException {
        var entries = new ArrayList<String>();
        var log = open(found, entries);
        if (!entries.equals(told.confirmed)) {
            assertThat(told.possible).contains(entries);
        }
        log.append(List.of(bytes("z")));
        entries.add("z");
        for (var after : found.afterPowerCut()) {
            assertThat(reopened(after)).isEqualTo(entries);
        }
    }

    /** Steps fail at random, then the power goes; what succeeded is there, and at most one that failed. */
    @Property(tries = 300)
    void errorsOfTheDiskLoseNothingConfirmed(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int percent)
            throws IOException {
        var random = new Random(seed);
        var broken = new FakeDisk();
        var log = open(broken, new ArrayList<>());
        broken.breakOn(step -> random.nextInt(100) < percent);
        var told = new Told();

        for (int i = 0; i < 12; i++) {
            try {
                if (random.nextInt(5) == 0) {
                    told.rewrite(log, told.confirmed.toArray(String[]::new)); // batched otherwise
                } else {
                    told.append(log, "e" + i, "x".repeat(random.nextInt(30)));
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("no room on the fake disk");
            }
        }

        for (var found : broken.afterPowerCut()) {
            assertHolds(found, told);
        }
        broken.breakOn(step -> false);
        told.append(log, "there is room again");
        assertThat(reopened(broken)).isEqualTo(told.confirmed).endsWith("there is room again");
    }

    @Test
    void aFullDiskLeavesTheFileAsItWasUntilThereIsRoom() throws IOException {
        var told = new Told();
        var log = open(disk, new ArrayList<>());
        told.append(log, "a");
        var before = disk.content(NAME);

        for (var step : List.of("write", "force")) {
            disk.breakOn(step::equals);
            assertThatIOException().isThrownBy(() -> log.append(List.of(bytes("b"))));
            assertThat(disk.content(NAME)).isEqualTo(before);
        }
        disk.breakOn(step -> true);
        assertThatIOException().isThrownBy(() -> log.append(List.of(bytes("c"))));
        disk.breakOn(step -> false);
        log.append(List.of(bytes("d")));

        assertThat(reopened(disk)).containsExactly("a", "d");
    }

    @Test
    void aFailedRewriteKeepsTheOldAndLeavesNoDraft() throws IOException {
        for (var step : List.of("open", "write", "force", "rename")) {
            var fresh = new FakeDisk();
            var log = open(fresh, new ArrayList<>());
            log.append(List.of(bytes("a")));

            fresh.breakOn(step::equals);
            assertThatIOException().isThrownBy(() -> log.rewrite(List.of(bytes("b"))));
            fresh.breakOn(none -> false);
            log.append(List.of(bytes("c")));

            assertThat(reopened(fresh)).containsExactly("a", "c");
            assertThat(fresh.exists(NAME + ".new")).isFalse();
        }
    }

    @Test
    void nothingIsPromisedWhileTheNewNameMayBeLost() throws IOException {
        var log = open(disk, new ArrayList<>());
        log.append(List.of(bytes("a")));

        disk.breakOn("force names"::equals);
        assertThatIOException().isThrownBy(() -> log.rewrite(List.of(bytes("a"))));
        assertThatIOException().isThrownBy(() -> log.append(List.of(bytes("b"))));
        disk.breakOn(step -> false);
        log.append(List.of(bytes("c")));

        for (var found : disk.afterPowerCut()) {
            assertThat(reopened(found)).containsExactly("a", "c");
        }
    }

    @Test
    void damageBeforeGoodEntriesIsRefusedAndNamesThePlace() throws IOException {
        var log = open(disk, new ArrayList<>());
        long second = log.length() + LogFile.footprint(bytes("first"));
        for (var entry : List.of("first", "second", "third")) {
            log.append(List.of(bytes(entry)));
        }
        var whole = disk.content(NAME);

        for (int at = (int) second; at < second + LogFile.footprint(bytes("second")); at++) {
            var damaged = whole.clone();
            damaged[at] ^= 0x40;
            disk.put(NAME, damaged);
            assertThatIOException()
                    .isThrownBy(() -> reopened(disk))
                    .withMessageStartingWith("/fake/test.log was damaged at offset " + second);
            assertThat(disk.content(NAME)).isEqualTo(damaged);
        }
    }

    @Test
    void aStrangersFileIsRefusedAndLeftAlone() {
        var strange = bytes("something else entirely");
        disk.put(NAME, strange);

        assertThatIOException().isThrownBy(() -> reopened(disk)).withMessageContaining("not a file of this gateway");
        assertThat(disk.content(NAME)).isEqualTo(strange);
    }

    private static LogFile open(FakeDisk disk, List<String> entries) throws IOException {
        return LogFile.open(disk, NAME, entry -> entries.add(new String(entry, StandardCharsets.UTF_8)));
    }

    private static List<String> reopened(FakeDisk disk) throws IOException {
        var entries = new ArrayList<String>();
        open(disk, entries).close();
        return entries;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
