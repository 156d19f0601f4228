package io.ghlgateway;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.FileRefreshJournal;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.NoRefreshJournal;
import io.ghlgateway.credentials.RedisTokenStore;
import io.ghlgateway.credentials.RefreshJournal;
import io.ghlgateway.credentials.TokenStore;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the records are: opened off the event loops, for files are read. */
record TokenShelves(TokenStore store, RefreshJournal journal) {

    private static final Logger LOG = LoggerFactory.getLogger("credentials");
    private static final Duration TOKEN_TIMEOUT = Duration.ofMillis(500);

    /** Empty without a keyset; refused where an earlier start kept secrets and this one has no keyset. */
    static Optional<TokenShelves> open(Settings settings, Ticker ticker, InstantSource clock) throws IOException {
        var directory = settings.credentials().journal();
        if (settings.credentials().encryptionKey().isEmpty()) {
            if (directory.isPresent() && Files.exists(directory.get().resolve(FileTokenStore.FILE))) {
                throw new IOException("credentials.encryption-key is not set, and " + directory.get()
                        + " holds tokens that an earlier start encrypted: set the keyset that it had");
            }
            return Optional.empty();
        }
        var journal = directory.isPresent() ? FileRefreshJournal.open(directory.get(), clock) : new NoRefreshJournal();
        if (directory.isEmpty()) {
            LOG.warn("credentials.journal is none: a crash between HighLevel's answer and Redis loses the token");
        }
        return Optional.of(new TokenShelves(
                settings.redis().isPresent()
                        ? shared(settings.redis().get(), ticker)
                        : FileTokenStore.open(directory.orElse(Path.of("data")), clock),
                journal));
    }

    /** On a connection of its own: records must not stand in the way of budgets, and may take longer. */
    private static TokenStore shared(Settings.Redis redis, Ticker ticker) {
        var link = RedisLink.to(redis.address(), TOKEN_TIMEOUT, ticker);
        var store = new RedisTokenStore(link, redis.prefix(), ticker);
        link.start();
        return store;
    }
}
