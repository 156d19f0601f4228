package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Remembers nothing: a crash between HighLevel's answer and the store's loses the token. */
public final class NoRefreshJournal implements RefreshJournal {

    private final String owner = UUID.randomUUID().toString();

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public Future<Void> intend(Intent intent) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> result(Sealed record) {
        return Future.succeededFuture();
    }

    @Override
    public void settled(RecordName name, long generation) {}

    @Override
    public void abandoned(RecordName name, long generation) {}

    @Override
    public Unfinished unfinished() {
        return new Unfinished(List.of(), List.of());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
