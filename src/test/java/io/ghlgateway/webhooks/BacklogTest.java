package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.App;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the embedded queue makes of its file, where no queue writes that nowadays. */
class BacklogTest {

    private static final String CRM = "crm";

    private final Instant received = Instant.parse("2026-11-25T20:00:00Z");
    private final Instant now = received.plusSeconds(60);
    private final Backlog backlog = new Backlog(() -> now, 10, new NotedWebhookEvents());
    private final Event event = new Event(new App("main"), "e1", "X", Optional.empty(), received, Buffer.buffer("{}"));

    @Test
    void aLetterInThePlaceOfOneOfTheSameIdTakesNoMoreRoom() {
        for (long number = 1; number <= 2; number++) {
            backlog.add(BacklogEntry.taken(number, event, List.of(CRM)));
            backlog.add(BacklogEntry.dead(number, CRM, 1, now, "status 500"));
        }

        assertThat(backlog.bytes()).isEqualTo(Held.size(event));
        assertThat(backlog.deadNumbers(CRM, Optional.empty())).containsExactly(2L);
        backlog.add(BacklogEntry.done(2, CRM));
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void entriesOfEarlierBuildsAreRead() {
        backlog.add(BacklogEntry.taken(1, event, List.of(CRM)));
        backlog.add(withoutItsLastTime(BacklogEntry.again(1, CRM, 1, received, now)));
        assertThat(backlog.take(CRM, 1)).satisfiesExactly(each -> {
            assertThat(each.attempt()).isEqualTo(2);
            assertThat(each.since()).isEqualTo(received);
        });

        backlog.add(BacklogEntry.dead(1, CRM, 2, now, "status 500"));
        backlog.add(withoutItsLastTime(BacklogEntry.revived(1, CRM, received)));

        assertThat(backlog.take(CRM, 1)).satisfiesExactly(each -> {
            assertThat(each.attempt()).isEqualTo(1);
            assertThat(each.since()).isEqualTo(now);
        });
    }

    private static byte[] withoutItsLastTime(byte[] entry) {
        return Arrays.copyOf(entry, entry.length - Long.BYTES);
    }
}
