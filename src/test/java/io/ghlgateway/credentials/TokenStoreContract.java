package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What every store keeps to, whatever it keeps records in. */
interface TokenStoreContract {

    RecordName HERE = new RecordName(RecordName.Kind.INSTALLATION, "app:location:here");
    RecordName THERE = new RecordName(RecordName.Kind.INSTALLATION, "app:location:there");
    Duration LONG = Duration.ofMinutes(10);

    TokenStore store();

    /** Lets a lease or claim of that life run out. */
    void pass(Duration time) throws IOException;

    static Sealed sealed(RecordName name, long generation, String content) {
        return new Sealed(name, generation, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    default void nothingIsThereAtFirst() {
        assertThat(Await.result(store().read(HERE))).isEmpty();
    }

    @Test
    default void readsWhatWasWritten() {
        var record = new Sealed(HERE, 7, new byte[] {0, -1, 13, 10, 127});

        assertThat(Await.result(store().write(record))).isEqualTo(record);

        assertThat(Await.result(store().read(HERE))).contains(record);
        assertThat(Await.result(store().read(THERE))).isEmpty();
    }

    @Test
    default void kindsDoNotMeet() {
        var tenant = sealed(new RecordName(RecordName.Kind.TENANT, "acme"), 3, "a tenant");
        var caller = sealed(new RecordName(RecordName.Kind.CALLER, "acme"), 1, "a caller");

        Await.result(store().write(tenant));
        Await.result(store().write(caller));

        assertThat(Await.result(store().read(tenant.name()))).contains(tenant);
        assertThat(Await.result(store().read(caller.name()))).contains(caller);
    }

    @Test
    default void theHigherGenerationWinsWhicheverComesFirst() {
        var old = sealed(HERE, 9, "old");
        var later = sealed(HERE, 10, "later");

        Await.result(store().write(later));
        assertThat(Await.result(store().write(old))).isEqualTo(later);
        assertThat(Await.result(store().read(HERE))).contains(later);

        var latest = sealed(HERE, 11, "latest");
        assertThat(Await.result(store().write(latest))).isEqualTo(latest);
        assertThat(Await.result(store().read(HERE))).contains(latest);
    }

    @Test
    default void theFirstOfAGenerationStaysAndWritingItAgainIsHarmless() {
        var first = sealed(HERE, 5, "first");

        Await.result(store().write(first));

        assertThat(Await.result(store().write(sealed(HERE, 5, "second")))).isEqualTo(first);
        assertThat(Await.result(store().write(first))).isEqualTo(first);
        assertThat(Await.result(store().read(HERE))).contains(first);
    }

    @Test
    default void ofManyWritersAtOnceOneWinsEachGenerationAndAllLearnOfIt() {
        for (long generation = 1; generation <= 20; generation++) {
            var answers = new ArrayList<Future<Sealed>>();
            for (int writer = 0; writer < 10; writer++) {
                answers.add(store().write(sealed(HERE, generation, "by " + writer)));
            }
            Await.result(Future.all(answers));

            var kept = Await.result(store().read(HERE)).orElseThrow();
            assertThat(kept.generation()).isEqualTo(generation);
            assertThat(answers).allMatch(answer -> answer.result().equals(kept));
        }
    }

    @Test
    default void generationsWrittenAtOnceEndWithTheHighest() {
        var answers = new ArrayList<Future<Sealed>>();
        for (long generation : List.of(3, 1, 8, 2, 9, 4, 7, 5, 6)) {
            answers.add(store().write(sealed(HERE, generation, "g" + generation)));
        }
        Await.result(Future.all(answers));

        assertThat(Await.result(store().read(HERE))).contains(sealed(HERE, 9, "g9"));
        assertThat(answers.get(4).result()).isEqualTo(sealed(HERE, 9, "g9"));
    }

    @Test
    default void scansFiveThousandRecords() {
        var written = new HashSet<Sealed>();
        for (int slice = 0; slice < 50; slice++) {
            var writes = new ArrayList<Future<Sealed>>();
            for (int i = 0; i < 100; i++) {
                var kind = RecordName.Kind.values()[i % 3];
                var record = sealed(new RecordName(kind, "id" + slice + "-" + i), 1 + i, "content " + i);
                written.add(record);
                writes.add(store().write(record));
            }
            Await.result(Future.all(writes));
        }

        var seen = new ConcurrentLinkedQueue<Sealed>();
        Await.result(store().scan(seen::add));

        assertThat(seen).hasSize(5_000).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    default void aFailureOfTheOneWhoScansEndsTheScan() {
        Await.result(store().write(sealed(HERE, 1, "a")));

        var scan = store().scan(record -> {
            throw new IllegalStateException("enough");
        });

        assertThat(Await.result(scan.otherwiseEmpty())).isNull();
        assertThat(scan.cause()).hasMessage("enough");
    }

    @Test
    default void aLeaseKeepsOthersOutUntilItIsGivenBack() {
        var mine = Await.result(store().lease(HERE, "me", LONG)).orElseThrow();

        assertThat(mine.name()).isEqualTo(HERE);
        assertThat(mine.owner()).isEqualTo("me");
        assertThat(Await.result(store().lease(HERE, "you", LONG))).isEmpty();
        assertThat(Await.result(store().lease(THERE, "you", LONG))).isPresent();

        Await.result(store().release(mine));
        var yours = Await.result(store().lease(HERE, "you", LONG)).orElseThrow();
        assertThat(yours.fence()).isGreaterThan(mine.fence());
    }

    @Test
    default void aLeaseRunsOut() throws IOException {
        var mine = Await.result(store().lease(HERE, "me", LONG)).orElseThrow();

        pass(LONG);

        var yours = Await.result(store().lease(HERE, "you", LONG)).orElseThrow();
        assertThat(yours.fence()).isGreaterThan(mine.fence());
        assertThat(Await.result(store().lease(HERE, "me", LONG))).isEmpty();
    }

    @Test
    default void theOwnerProlongsItsLeaseWithANewFence() throws IOException {
        var first = Await.result(store().lease(HERE, "me", LONG)).orElseThrow();
        pass(LONG.dividedBy(2));
        var second =
                Await.result(store().lease(HERE, "me", LONG.multipliedBy(2))).orElseThrow();
        pass(LONG);

        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(Await.result(store().lease(HERE, "you", LONG))).isEmpty();
    }

    @Test
    default void aLeaseThatPassedOnIsNotReleasedByItsEarlierOwner() throws IOException {
        var mine = Await.result(store().lease(HERE, "me", LONG)).orElseThrow();
        pass(LONG);
        Await.result(store().lease(HERE, "you", LONG));

        Await.result(store().release(mine));

        assertThat(Await.result(store().lease(HERE, "me", LONG))).isEmpty();
    }

    @Test
    default void ofManyWhoAskAtOnceOneGetsTheLease() {
        var asked = new ArrayList<Future<Optional<Lease>>>();
        for (int i = 0; i < 50; i++) {
            asked.add(store().lease(HERE, "replica-" + i, LONG));
        }
        Await.result(Future.all(asked));

        assertThat(asked).filteredOn(answer -> answer.result().isPresent()).hasSize(1);
    }

    @Test
    default void aClaimIsTheFirstOnceUntilItRunsOut() throws IOException {
        assertThat(Await.result(store().claim("reconnect app:location:here", LONG)))
                .isTrue();
        assertThat(Await.result(store().claim("reconnect app:location:here", LONG)))
                .isFalse();
        assertThat(Await.result(store().claim("reconnect app:location:there", LONG)))
                .isTrue();

        pass(LONG);

        assertThat(Await.result(store().claim("reconnect app:location:here", LONG)))
                .isTrue();
    }

    @Test
    default void ofManyClaimsAtOnceOneIsTheFirst() {
        var claims = new ArrayList<Future<Boolean>>();
        for (int i = 0; i < 50; i++) {
            claims.add(store().claim("once", LONG));
        }
        Await.result(Future.all(claims));

        assertThat(claims).filteredOn(Future::result).hasSize(1);
    }

    @Test
    default void whoSaidSoIsPresentUntilItsLifeEnds() throws IOException {
        assertThat(Await.result(store().present("one", LONG))).containsExactly("one");
        pass(LONG.dividedBy(2));
        assertThat(Await.result(store().present("two", LONG))).containsExactlyInAnyOrder("one", "two");
        pass(LONG.dividedBy(2));
        assertThat(Await.result(store().present("two", LONG))).containsExactly("two");
    }

    @Test
    default void nothingHasChangedAtFirst() {
        Await.result(store().write(sealed(HERE, 1, "before")));
        var first = Await.result(store().changes(Optional.empty()));
        var second = Await.result(store().changes(Optional.of(first.cursor())));

        assertThat(first.names()).isEmpty();
        assertThat(first.all()).isFalse();
        assertThat(second.names()).isEmpty();
        assertThat(second.all()).isFalse();
    }
}
