package io.ghlgateway.credentials;

import io.ghlgateway.credentials.RecordCipher.Unreadable;
import io.ghlgateway.tenancy.KeyHash;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a start does before all else: takes up what the run before it left unfinished. HighLevel's grace of 30 s began
 * when that run sent its refresh token, so this makes haste and waits for nothing it does not need. Any thread.
 */
public final class Recovery {

    private static final int AT_ONCE = 16;

    private final Vault vault;
    private final Installations installations;
    private final Renewals renewals;
    private final RefreshJournal journal;
    private final CredentialEvents events;

    public Recovery(
            Vault vault,
            Installations installations,
            Renewals renewals,
            RefreshJournal journal,
            CredentialEvents events) {
        this.vault = vault;
        this.installations = installations;
        this.renewals = renewals;
        this.journal = journal;
        this.events = events;
    }

    /**
     * Completes when all installations are known and what was unfinished has been settled or begun again; fails where the
     * store cannot be asked, and may then be called again.
     */
    public Future<Void> run() {
        var unfinished = journal.unfinished();
        unfinished.results().forEach(vault::learn);
        return vault.look()
                .compose(known -> InTurn.all(unfinished.results(), AT_ONCE, this::reassert))
                .onSuccess(settled -> unfinished.intents().forEach(this::resume))
                .mapEmpty();
    }

    /** As {@link #run}, as often as it takes until the store can be asked. */
    public Future<Void> untilDone(Pause pause, Duration rest) {
        return InTurn.untilDone(
                this::run,
                pause,
                rest,
                unreachable -> events.storeUnreachable(String.valueOf(unreachable.getMessage())));
    }

    /** A result that the store never got, or has lost since. */
    private Future<Void> reassert(Sealed result) {
        var held = InstallationKey.of(result.name()).flatMap(installations::find);
        return held.map(installations::reassert)
                .orElseGet(Future::succeededFuture)
                .<Void>mapEmpty()
                // That was reported, and may not keep the others from being served.
                .recover(failure ->
                        failure instanceof Unreadable ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    /**
     * Brings all that was sealed with an older key of the keyset under its first: the store's records, then what the
     * journal of an earlier run holds of them, so that nothing asks for the older keys any more.
     *
     * @return how many records there were
     */
    public Future<Integer> reseal() {
        return vault.reseal()
                .compose(count -> InTurn.each(
                                journal.unfinished().results().stream()
                                        .filter(vault::isOld)
                                        .toList(),
                                1,
                                this::reseal)
                        .map(count));
    }

    private Future<Void> reseal(Sealed result) {
        var name = result.name();
        if (InstallationKey.of(name).filter(renewals::isUnderWay).isPresent()) {
            return Future.succeededFuture(); // it writes a result of its own, and must not lose its intent before that
        }
        return vault.read(name).compose(found -> {
            if (found.isEmpty() || found.get().generation() < result.generation()) {
                return Future.succeededFuture(); // the store still owes that record to the journal
            }
            return journal.result(vault.sealed(found.get()))
                    .onSuccess(written -> journal.settled(name, found.get().generation()));
        });
    }

    private void resume(RefreshJournal.Intent intent) {
        var held = InstallationKey.of(intent.name())
                .flatMap(installations::find)
                .filter(installation -> installation
                        .tokens()
                        .flatMap(Tokens::refresh)
                        .filter(token -> Arrays.equals(KeyHash.of(token).bytes(), intent.tokenHash()))
                        .isPresent());
        if (held.isPresent()) {
            renewals.renew(held.get()); // tells of its end by itself
        } else {
            journal.abandoned(intent.name(), intent.generation());
        }
    }
}
