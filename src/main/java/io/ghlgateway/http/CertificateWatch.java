package io.ghlgateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has an open door show the certificate that its files hold now: new connections get it, those that are open keep theirs.
 * Files that do not fit, as while they are being replaced, change nothing.
 */
final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger("tls");

    private final Vertx vertx;
    private final TlsFiles files;
    private final boolean http2;
    private final HttpServer server;
    private byte[] shownDigest;
    private byte[] refused = {};
    /** Whether the last look failed. */
    private boolean isMissed;
    /** Of why it did, what was told. */
    private String told = "";

    /** @param shownDigest what the files held when the door was opened, as its {@code digest} has it */
    CertificateWatch(Vertx vertx, TlsFiles files, boolean http2, HttpServer server, byte[] shownDigest) {
        this.vertx = vertx;
        this.files = files;
        this.http2 = http2;
        this.server = server;
        this.shownDigest = shownDigest.clone();
    }

    /** On the door's event loop; the files are read elsewhere. Never fails. */
    Future<Void> look() {
        return vertx.executeBlocking(files::digest)
                .compose(now -> Arrays.equals(now, shownDigest) || Arrays.equals(now, refused)
                        ? Future.<Void>succeededFuture()
                        : change(now))
                .onSuccess(looked -> {
                    isMissed = false;
                    told = "";
                })
                .recover(this::miss);
    }

    /** Told from the second time in a row: a file may well not be there for a moment while it is replaced. */
    private Future<Void> miss(Throwable cause) {
        var why = cause.toString();
        if (isMissed && !why.equals(told)) {
            told = why;
            LOG.error("the certificate in {} cannot be looked at, the old one stays: {}", files.certificate(), why);
        }
        isMissed = true;
        return Future.succeededFuture();
    }

    private Future<Void> change(byte[] now) {
        return vertx.executeBlocking(files::problem).compose(problem -> {
            if (problem.isPresent()) {
                refused = now;
                LOG.error(
                        "the certificate in {} is not taken, the old one stays: {}",
                        files.certificate(),
                        problem.get());
                return Future.succeededFuture();
            }
            return vertx.executeBlocking(() -> files.options(http2))
                    .compose(server::updateSSLOptions)
                    .onSuccess(updated -> {
                        shownDigest = now;
                        LOG.info("new connections are shown the certificate that {} holds now", files.certificate());
                    })
                    .mapEmpty();
        });
    }
}
