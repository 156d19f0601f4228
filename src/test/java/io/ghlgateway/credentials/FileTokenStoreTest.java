package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.ghlgateway.disk.FakeDisk;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import io.vertx.core.Future;
import java.io.File;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTokenStoreTest implements TokenStoreContract {

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-25T12:00:00Z"));
    private @TempDir Path directory;
    private FileTokenStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileTokenStore.open(directory.resolve("kept"), time);
    }

    @AfterEach
    void close() {
        Await.result(store.close());
    }

    @Override
    public TokenStore store() {
        return store;
    }

    @Override
    public void pass(Duration life) {
        time.advance(life);
    }

    private void restart() throws IOException {
        Await.result(store.close());
        open();
    }

    @Test
    void aRestartKeepsRecordsAndClaims() throws IOException {
        var records = List.of(sealed(HERE, 7, "here"), sealed(THERE, 1, "there"));
        records.forEach(record -> Await.result(store.write(record)));
        Await.result(store.write(sealed(HERE, 8, "here again")));
        Await.result(store.claim("once", LONG));

        restart();

        assertThat(Await.result(store.read(HERE))).contains(sealed(HERE, 8, "here again"));
        assertThat(Await.result(store.read(THERE))).contains(sealed(THERE, 1, "there"));
        assertThat(Await.result(store.claim("once", LONG))).isFalse();
        time.advance(LONG);
        assertThat(Await.result(store.claim("once", LONG))).isTrue();
    }

    @Test
    void fencesGrowAcrossRestarts() throws IOException {
        long fence = 0;
        for (int run = 0; run < 3; run++) {
            for (int i = 0; i < 3; i++) {
                long next = Await.result(store.lease(HERE, "me", LONG))
                        .orElseThrow()
                        .fence();
                assertThat(next).isGreaterThan(fence);
                fence = next;
            }
            restart();
        }
    }

    @Test
    void theFileStaysShortHoweverOftenARecordChanges() throws IOException {
        var content = "x".repeat(10_000);
        for (int generation = 1; generation <= 400; generation++) {
            Await.result(store.write(sealed(HERE, generation, content)));
        }
        Await.result(store.write(sealed(THERE, 1, "there")));
        Await.result(store.claim("once", LONG));

        assertThat(Files.size(directory.resolve("kept/records.log"))).isLessThan(1_300_000);
        restart();
        assertThat(Await.result(store.read(HERE))).contains(sealed(HERE, 400, content));
        assertThat(Await.result(store.read(THERE))).contains(sealed(THERE, 1, "there"));
        assertThat(Await.result(store.claim("once", LONG))).isFalse();
    }

    @Test
    void onlyItsOwnerMayReadWhatIsKept() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("kept"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(directory.resolve("kept"))) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aSecondStoreInTheDirectoryIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> FileTokenStore.open(directory.resolve("kept"), time))
                .withMessageContaining("another gateway has its records there")
                .withMessageContaining(directory.resolve("kept").toString());
    }

    @Test
    void aSecondProcessIsRefusedEvenAfterThisOneTriedTwice() throws Exception {
        assertThatIOException().isThrownBy(() -> FileTokenStore.open(directory.resolve("kept"), time));
        collectGarbage();

        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        directory.resolve("kept").toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).contains("another gateway has its records there");
        assertThat(other.waitFor()).isEqualTo(3);
    }

    /** All that nobody holds, with the descriptors of files that go with it. */
    private static void collectGarbage() throws InterruptedException {
        var gone = new CountDownLatch(1);
        Cleaner.create().register(new Object(), gone::countDown);
        while (!gone.await(10, TimeUnit.MILLISECONDS)) {
            System.gc();
        }
    }

    /** Opens the directory it is told. */
    static final class OtherProcess {
        public static void main(String[] arguments) {
            try {
                FileTokenStore.open(Path.of(arguments[0]), java.time.InstantSource.system());
            } catch (IOException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
            System.exit(0);
        }
    }

    @Test
    void aFullDiskFailsWritesAndLosesNothingAndThenServesAgain() throws IOException {
        var disk = new FakeDisk();
        var full = new AtomicBoolean();
        disk.breakOn(step -> full.get());
        var kept = FileTokenStore.open(disk, time, List.of());
        Await.result(kept.write(sealed(HERE, 1, "one")));

        full.set(true);
        var refused =
                List.of(kept.write(sealed(HERE, 2, "two")), kept.lease(HERE, "me", LONG), kept.claim("once", LONG));
        Await.result(Future.join(refused).otherwiseEmpty());
        assertThat(refused)
                .allSatisfy(answer -> assertThat(answer.cause())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("/fake/records.log"));
        assertThat(Await.result(kept.read(HERE))).contains(sealed(HERE, 1, "one"));

        full.set(false);
        assertThat(Await.result(kept.write(sealed(HERE, 2, "other")))).isEqualTo(sealed(HERE, 2, "other"));
        assertThat(Await.result(kept.claim("once", LONG))).isTrue();
        assertThat(Await.result(kept.lease(HERE, "me", LONG))).isPresent();
        Await.result(kept.close());
        for (var found : disk.afterPowerCut()) {
            var again = FileTokenStore.open(found, time, List.of());
            assertThat(Await.result(again.read(HERE))).contains(sealed(HERE, 2, "other"));
            Await.result(again.close());
        }
    }

    @Test
    void whatWaitsWhenItClosesIsStillWrittenAndNothingAfter() throws IOException {
        var writes = new ArrayList<Future<Sealed>>();
        for (int i = 1; i <= 100; i++) {
            writes.add(store.write(sealed(new RecordName(RecordName.Kind.TENANT, "t" + i), 1, "x")));
        }
        Await.result(store.close());

        assertThat(writes).allMatch(Future::succeeded);
        assertThat(store.write(sealed(HERE, 1, "late")).failed()).isTrue();
        open();
        assertThat(Await.result(store.read(new RecordName(RecordName.Kind.TENANT, "t100"))))
                .isPresent();
        assertThat(Await.result(store.read(HERE))).isEmpty();
    }

    @Test
    void anEntryTooLongIsRefused() {
        var write = store.write(new Sealed(HERE, 1, new byte[18 << 20]));

        assertThat(write.cause()).isInstanceOf(IOException.class).hasMessageContaining("too long");
        assertThat(Await.result(store.write(sealed(HERE, 1, "short")))).isEqualTo(sealed(HERE, 1, "short"));
    }

    @Test
    void aDirectoryThatIsAFileIsRefusedByName() throws IOException {
        var file = Files.createFile(directory.resolve("file"));

        assertThatIOException()
                .isThrownBy(() -> FileTokenStore.open(file, time))
                .withMessageContaining("cannot keep records in " + file);
        assertThat(new File(file.toString())).isEmpty();
    }

    @Test
    void tellsNoChangesByOthers() {
        assertThat(Await.result(store.changes(Optional.of("whatever"))).all()).isFalse();
    }
}
