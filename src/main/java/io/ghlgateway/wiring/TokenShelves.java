package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.FileRefreshJournal;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.NoRefreshJournal;
import io.ghlgateway.credentials.RedisTokenStore;
import io.ghlgateway.credentials.RefreshJournal;
import io.ghlgateway.credentials.Sentinel;
import io.ghlgateway.credentials.TokenStore;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the records are: opened off the event loops, for files are read. */
record TokenShelves(TokenStore store, RefreshJournal journal) {

    private static final Logger LOG = LoggerFactory.getLogger("credentials");
    private static final Duration TOKEN_TIMEOUT = Duration.ofMillis(500);

    /** Asked once, at a start that has no keyset: one that has none of Redis either is not held up for long. */
    private static final Duration ASKED_FOR = Duration.ofSeconds(1);

    /** Empty without a keyset; refused where an earlier start kept secrets and this one has no keyset. */
    static Optional<TokenShelves> open(Settings settings, Ticker ticker, InstantSource clock) throws IOException {
        var directory = settings.credentials().journal();
        if (settings.credentials().encryptionKey().isEmpty()) {
            refuseWhatWasSealed(settings, ticker);
            return Optional.empty();
        }
        var journal = directory.isPresent() ? journal(directory.get(), settings, clock) : new NoRefreshJournal();
        if (directory.isEmpty()) {
            LOG.warn("credentials.journal is none: a crash between HighLevel's answer and Redis loses the token");
        }
        return Optional.of(new TokenShelves(
                settings.redis().isPresent()
                        ? shared(settings.redis().get(), ticker)
                        : FileTokenStore.open(settings.credentials().directory(), clock),
                journal));
    }

    private static RefreshJournal journal(Path directory, Settings settings, InstantSource clock) throws IOException {
        var journal = FileRefreshJournal.open(directory, clock);
        if (settings.redis().isPresent()) { // else the store, which is in the same place, says so
            journal.weaknesses().forEach(each -> LOG.warn("the journal of renewals: {}", each));
        }
        return journal;
    }

    /** Without the keyset, tenants and callers of run time would be gone without a word. */
    private static void refuseWhatWasSealed(Settings settings, Ticker ticker) throws IOException {
        var directory = settings.credentials().directory();
        for (var file : List.of(FileTokenStore.FILE, FileRefreshJournal.FILE)) {
            if (Files.exists(directory.resolve(file))) {
                throw sealed(directory.toString());
            }
        }
        if (settings.redis().isPresent() && isSealed(settings.redis().get(), ticker)) {
            throw sealed("Redis");
        }
    }

    private static IOException sealed(String place) {
        return new IOException("credentials.encryption-key is not set, and " + place
                + " holds tokens that an earlier start encrypted: set the keyset that it had");
    }

    private static boolean isSealed(Settings.Redis redis, Ticker ticker) {
        var link = RedisLink.to(redis.address(), TOKEN_TIMEOUT, ticker);
        var store = new RedisTokenStore(link, redis.prefix(), ticker);
        link.start();
        try {
            return link.seen()
                    .compose(there -> Sentinel.isIn(store))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(ASKED_FOR.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("credentials.encryption-key is not set, and Redis does not say whether it holds tokens that an"
                    + " earlier start encrypted; if so, its tenants and callers are missing");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            store.close();
        }
    }

    /** On a connection of its own: records must not stand in the way of budgets, and may take longer. */
    private static TokenStore shared(Settings.Redis redis, Ticker ticker) {
        var link = RedisLink.to(redis.address(), TOKEN_TIMEOUT, ticker);
        var store = new RedisTokenStore(link, redis.prefix(), ticker);
        link.start();
        return store;
    }
}
