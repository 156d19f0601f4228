package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.HERE;
import static io.ghlgateway.credentials.TokenStoreContract.THERE;
import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.ghlgateway.disk.FakeDisk;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRefreshJournalTest {

    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final FakeTime time = new FakeTime(START);
    private final FakeDisk disk = new FakeDisk();

    private static RefreshJournal.Intent intent(RecordName name, long generation) {
        return new RefreshJournal.Intent(
                name, generation, new byte[] {1, 2, (byte) generation}, 40 + generation, START);
    }

    private FileRefreshJournal open() throws IOException {
        return FileRefreshJournal.open(disk, time, "replica", List.of());
    }

    private RefreshJournal.Unfinished reopened() throws IOException {
        return read(disk);
    }

    private RefreshJournal.Unfinished read(FakeDisk found) throws IOException {
        var journal = FileRefreshJournal.open(found, time, "replica", List.of());
        Await.result(journal.close());
        return journal.unfinished();
    }

    @Test
    void anIntentStaysUntilItsResult() throws IOException {
        var journal = open();
        Await.result(journal.intend(intent(HERE, 7)));
        Await.result(journal.intend(intent(THERE, 1)));
        Await.result(journal.close());

        assertThat(reopened().intents())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyInAnyOrder(intent(HERE, 7), intent(THERE, 1));

        journal = open();
        Await.result(journal.result(sealed(HERE, 8, "renewed")));
        Await.result(journal.close());

        assertThat(reopened().intents()).extracting(RefreshJournal.Intent::name).containsExactly(THERE);
        assertThat(reopened().results()).containsExactly(sealed(HERE, 8, "renewed"));
    }

    @Test
    void anIntentEndsWhenItIsAbandonedOrTheStoreHasALaterRecord() throws IOException {
        var journal = open();
        Await.result(journal.intend(intent(HERE, 7)));
        Await.result(journal.intend(intent(THERE, 7)));
        journal.abandoned(HERE, 6);
        journal.settled(THERE, 7);
        Await.result(journal.close());
        assertThat(reopened().intents()).hasSize(2);

        journal = open();
        journal.abandoned(HERE, 7);
        journal.settled(THERE, 8);
        Await.result(journal.close());
        assertThat(reopened().intents()).isEmpty();
    }

    @Test
    void theNextRenewalsIntentOutlivesTheLastOnesSettling() throws IOException {
        var journal = open();
        Await.result(journal.result(sealed(HERE, 8, "renewed")));
        Await.result(journal.intend(intent(HERE, 8)));
        journal.settled(HERE, 8);
        Await.result(journal.close());

        assertThat(reopened().intents())
                .extracting(RefreshJournal.Intent::generation)
                .containsExactly(8L);
    }

    @Test
    void settledResultsStayForSevenDaysAndOthersUntilTheyAre() throws IOException {
        var journal = open();
        Await.result(journal.result(sealed(HERE, 7, "old")));
        Await.result(journal.result(sealed(HERE, 8, "settled")));
        Await.result(journal.result(sealed(THERE, 3, "never settled")));
        journal.settled(HERE, 8);
        Await.result(journal.close());

        time.advance(KeptRenewals.MEMORY);
        assertThat(reopened().results())
                .containsExactlyInAnyOrder(sealed(HERE, 8, "settled"), sealed(THERE, 3, "never settled"));
        time.advance(Duration.ofMillis(1));
        assertThat(reopened().results()).containsExactly(sealed(THERE, 3, "never settled"));
    }

    @Test
    void shorteningTheFileKeepsResultsAndIntents(@TempDir Path directory) throws IOException {
        var journal = FileRefreshJournal.open(directory, time);
        var content = "x".repeat(10_000);
        for (int generation = 1; generation <= 400; generation++) {
            Await.result(journal.intend(intent(HERE, generation - 1)));
            Await.result(journal.result(sealed(HERE, generation, content)));
            journal.settled(HERE, generation);
        }
        Await.result(journal.intend(intent(THERE, 9)));
        Await.result(journal.close());

        assertThat(Files.size(directory.resolve("renewals.log"))).isLessThan(1_300_000);
        var left = FileRefreshJournal.open(directory, time);
        assertThat(left.unfinished().results()).containsExactly(sealed(HERE, 400, content));
        assertThat(left.unfinished().intents())
                .extracting(RefreshJournal.Intent::name)
                .containsExactly(THERE);
        assertThatIOException()
                .isThrownBy(() -> FileRefreshJournal.open(directory, time))
                .withMessageContaining("another gateway has its renewals there");
        Await.result(left.close());
    }

    @Test
    void aDirectoryWhoseNameCannotBeReadIsFreeForTheNextTry(@TempDir Path directory) throws IOException {
        var name = Files.createDirectory(directory.resolve("replica"));
        assertThatIOException().isThrownBy(() -> FileRefreshJournal.open(directory, time));

        Files.delete(name);
        var journal = FileRefreshJournal.open(directory, time);

        assertThat(Files.readString(name)).isEqualTo(journal.owner());
        Await.result(journal.close());
    }

    @Test
    void itMayShareADirectoryWithAStore(@TempDir Path directory) throws IOException {
        var store = FileTokenStore.open(directory, time);
        var journal = FileRefreshJournal.open(directory, time);

        Await.result(journal.intend(intent(HERE, 1)));
        Await.result(store.write(sealed(HERE, 1, "x")));

        Await.result(store.close());
        Await.result(journal.close());
        store = FileTokenStore.open(directory, time);
        journal = FileRefreshJournal.open(directory, time);
        assertThat(Await.result(store.read(HERE))).contains(sealed(HERE, 1, "x"));
        assertThat(journal.unfinished().intents())
                .extracting(RefreshJournal.Intent::name)
                .containsExactly(HERE);
        Await.result(store.close());
        Await.result(journal.close());
    }

    @Test
    void confirmsInTheOrderOfTheCalls() throws IOException {
        var journal = open();
        var ended = new ArrayList<Integer>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            journal.result(sealed(HERE, i, "r")).onSuccess(done -> ended.add(number));
        }
        Await.result(journal.close());

        assertThat(ended).hasSize(100).isSorted();
    }

    @Test
    void anIntentThatCannotBeWrittenFailsAndLaterOnesSucceed() throws IOException {
        var full = new AtomicBoolean();
        disk.breakOn(step -> full.get());
        var journal = open();

        full.set(true);
        var refused = journal.intend(intent(HERE, 7));
        Await.result(refused.otherwiseEmpty());
        assertThat(refused.cause()).hasMessageContaining("cannot write /fake/renewals.log");
        full.set(false);
        Await.result(journal.intend(intent(HERE, 7)));
        Await.result(journal.close());

        assertThat(reopened().intents()).hasSize(1);
    }

    /** A whole renewal, the power going at each of its steps and bytes. */
    @Test
    void aPowerCutAnywhereInARenewalLeavesWhatWasConfirmed() throws IOException {
        var journal = open();
        assertStates(List.of("nothing"));
        Await.result(journal.intend(intent(HERE, 7)));
        assertStates(List.of("intent"));
        Await.result(journal.result(sealed(HERE, 8, "renewed")));
        assertStates(List.of("result"));

        var full = new AtomicBoolean(true);
        disk.breakOn(step -> full.get() && step.equals("force"));
        Await.result(journal.intend(intent(HERE, 8)).otherwiseEmpty());
        assertStates(List.of("result", "result and intent"));
        full.set(false);
        Await.result(journal.intend(intent(HERE, 8)));
        assertStates(List.of("result and intent"));
        Await.result(journal.close());
    }

    private void assertStates(List<String> allowed) throws IOException {
        var seen = new ArrayList<String>();
        for (var found : disk.afterPowerCut()) {
            var unfinished = read(found);
            var words = new ArrayList<String>();
            unfinished.results().forEach(result -> words.add("result"));
            unfinished.intents().forEach(intent -> words.add("intent"));
            seen.add(words.isEmpty() ? "nothing" : String.join(" and ", words));
        }
        assertThat(seen).isSubsetOf(allowed).containsAll(allowed);
    }

    @Test
    void withoutAJournalEverythingSucceedsAndNothingIsLeft() {
        var none = new NoRefreshJournal();

        assertThat(none.intend(intent(HERE, 1)).succeeded()).isTrue();
        assertThat(none.result(sealed(HERE, 2, "x")).succeeded()).isTrue();
        assertThat(none.unfinished().results()).isEmpty();
        assertThat(none.unfinished().intents()).isEmpty();
    }
}
