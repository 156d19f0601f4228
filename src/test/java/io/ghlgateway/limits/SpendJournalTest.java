package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendJournalTest {

    private static final BudgetSettings SETTINGS = new BudgetSettings(
            new Limit(100, Duration.ofSeconds(10), 200_000),
            false,
            StrictWindow.Tuning.BURST,
            URI.create("https://upstream.example"));
    private static final BudgetKey ACME = new BudgetKey(App.PRIVATE, Resource.location("acme"));
    private static final BudgetKey OTHER = new BudgetKey(App.PRIVATE, Resource.location("other"));
    private static final Duration PERIOD = Duration.ofMillis(64 * 162);

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-23T12:00:00Z"));

    @Test
    void whatAKilledProcessSpentIsNotGrantedAgain(@TempDir Path directory) throws IOException {
        assertThat(spend(started(directory), ACME, 100)).isEqualTo(100);

        var successor = started(directory);

        assertThat(spend(successor, ACME, 100)).isZero();
        assertThat(spend(successor, OTHER, 100)).isEqualTo(100);
        time.advance(Duration.ofMillis(10_159));
        assertThat(spend(successor, ACME, 100)).isZero();
        time.advance(PERIOD.minus(Duration.ofMillis(10_159)));
        assertThat(spend(successor, ACME, 100)).isEqualTo(100);
    }

    @Test
    void whatWasSpentAPeriodAgoIsForgotten(@TempDir Path directory) throws IOException {
        spend(started(directory), ACME, 100);
        time.advance(PERIOD.plusMillis(1));

        assertThat(spend(started(directory), ACME, 100)).isEqualTo(100);
    }

    @Test
    void spendsAtAnotherUpstreamDoNotCount(@TempDir Path directory) throws IOException {
        spend(started(directory), ACME, 100);

        var elsewhere =
                new BudgetSettings(SETTINGS.initial(), false, SETTINGS.tuning(), URI.create("http://127.0.0.1:9100"));

        assertThat(spend(started(directory, elsewhere), ACME, 100)).isEqualTo(100);
    }

    @Test
    void aDamagedFileCountsAsEverythingSpentForOnePeriodAndIsSetAside(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("spent-0.ring"), "not a ring");

        var gateway = started(directory);

        assertThat(spend(gateway, ACME, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(gateway, ACME, 100)).isEqualTo(100);
        assertThat(directory.resolve("spent-0.ring.bad")).hasContent("not a ring");
        time.advance(PERIOD.plusMillis(1));
        assertThat(spend(started(directory), ACME, 1)).isEqualTo(1);
    }

    @Test
    void aRingThatTurnedOverWithinThePeriodCountsAsEverythingSpent(@TempDir Path directory) throws IOException {
        var journal = SpendJournal.open(directory, SETTINGS, List.of(), time);
        var ledger = journal.ledger(OTHER);
        for (int i = 0; i < SpendRing.slots() + 1; i++) {
            ledger.spending(1);
        }

        assertThat(spend(started(directory), ACME, 100)).isZero();
        time.advance(PERIOD.plusMillis(1_001));
        assertThat(spend(started(directory), ACME, 100)).isEqualTo(100);
    }

    @Test
    void recordsGoOnAfterTheNewestOfAnEarlierProcess(@TempDir Path directory) throws IOException {
        var file = directory.resolve("spent-0.ring");
        try (var first = SpendRing.lock(file).orElseThrow()) {
            first.append(1, 1_000, 70_000);
        }
        try (var second = SpendRing.lock(file).orElseThrow()) {
            second.append(2, 2_000, 5);
        }

        var seen = new StringBuilder();
        SpendRing.read(
                file, (slot, hash, millis, count) -> seen.append("%d:%d@%d=%d ".formatted(slot, hash, millis, count)));
        assertThat(seen).hasToString("0:1@1000=65535 1:1@1000=4465 2:2@2000=5 ");
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed(@TempDir Path directory) throws IOException {
        var file = Files.createFile(directory.resolve("plain-file"));

        assertThatThrownBy(() -> SpendJournal.open(file, SETTINGS, List.of(), time))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Property(tries = 12)
    void noStretchSeesMoreThanTheQuotaAcrossKillsAndRestarts(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long startMillis, @ForAll long seed)
            throws IOException {
        var directory = Files.createTempDirectory("journal");
        try {
            var clock = new FakeTime(Instant.ofEpochMilli(startMillis));
            var random = new Random(seed);
            var log = new GrantLog(Duration.ofMillis(10_160));
            var gateway = started(directory, SETTINGS, clock);
            for (int i = 0; i < 150; i++) {
                if (random.nextInt(25) == 0) {
                    gateway = started(directory, SETTINGS, clock);
                }
                log.add(clock.currentTimeNanos(), spend(gateway, ACME, 1 + random.nextInt(60)));
                clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 12_000 : 500)));
            }
            assertThat(log.most()).isLessThanOrEqualTo(100).isGreaterThan(50);
        } finally {
            delete(directory);
        }
    }

    /** Never closed, as if killed: its ring stays locked by this JVM, and the next one takes another file. */
    private Budgets started(Path directory) throws IOException {
        return started(directory, SETTINGS);
    }

    private Budgets started(Path directory, BudgetSettings settings) throws IOException {
        return started(directory, settings, time);
    }

    private static Budgets started(Path directory, BudgetSettings settings, FakeTime clock) throws IOException {
        var journal = SpendJournal.open(directory, settings, List.of(), clock);
        return BucketBudgets.inMemory(settings, journal, clock, clock, LimitEvents.NONE);
    }

    private static int spend(Budgets budgets, BudgetKey key, int wanted) {
        return budgets.of(key).trySpend(wanted).result().granted();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
