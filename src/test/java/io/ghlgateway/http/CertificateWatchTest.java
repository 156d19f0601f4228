package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ghlgateway.http.TestCertificates.Made;
import io.ghlgateway.limits.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CertificateWatchTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @Test
    void newConnectionsAreShownWhatTheFilesHoldOnceTheyFit() throws Exception {
        var first = TestCertificates.make(directory, "first", "localhost");
        var second = TestCertificates.make(directory, "second", "localhost");
        var files = new TlsFiles(directory.resolve("door.pem"), directory.resolve("door.key"), Optional.empty());
        put(first.certificate(), files.certificate());
        put(first.key(), files.key());
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var tls = (Logger) LoggerFactory.getLogger("tls");
        tls.addAppender(log);
        var vertx = Vertx.vertx();
        try {
            var options = new HttpServerOptions();
            files.apply(options, true);
            var server = Await.result(vertx.createHttpServer(options)
                    .requestHandler(request -> request.response().end())
                    .listen(0, "127.0.0.1"));
            var watch = new CertificateWatch(vertx, files, true, server, files.digest());

            put(second.certificate(), files.certificate()); // and the key not yet
            Await.result(watch.look());
            assertThat(shown(server.actualPort(), first)).isEqualTo(first.x509());

            Files.delete(files.key());
            Await.result(watch.look());
            assertThat(told(log)).as("it may be being replaced").isZero();
            Await.result(watch.look());
            Await.result(watch.look());
            assertThat(told(log)).isEqualTo(1);
            put(second.key(), files.key());
            Await.result(watch.look());
            assertThat(shown(server.actualPort(), second)).isEqualTo(second.x509());
        } finally {
            tls.detachAppender(log);
            Await.result(vertx.close());
        }
    }

    @Test
    void aDoorLooksAtOnceWhenItIsToldTo() throws Exception {
        var first = TestCertificates.make(directory, "first", "localhost");
        var second = TestCertificates.make(directory, "second", "localhost");
        var files = new TlsFiles(directory.resolve("door.pem"), directory.resolve("door.key"), Optional.empty());
        put(first.certificate(), files.certificate());
        put(first.key(), files.key());
        var vertx = Vertx.vertx();
        try {
            var listening =
                    new Listening("127.0.0.1", 0, Optional.of(files), new ConnectionCap(10), ConnectionEvents.NONE);
            var limits = new DoorLimits(
                    DoorLimits.LINE, 8 * 1024, HOUR, HOUR, Optional.of(HOUR), HOUR); // and it looks by itself in ten
            var server = Await.result(new HttpDoor(vertx, listening, limits, false, System::nanoTime, HOUR.toMillis())
                    .listenApart(request -> request.response().end(), (request, flaw) -> {}));
            assertThat(shown(server.actualPort(), first)).isEqualTo(first.x509());

            put(second.certificate(), files.certificate());
            put(second.key(), files.key());
            HttpDoor.lookAtCertificates(vertx);

            Await.until(() -> isShown(server.actualPort(), second));
        } finally {
            Await.result(vertx.close());
        }
    }

    private static boolean isShown(int port, Made trusted) {
        try {
            return shown(port, trusted).equals(trusted.x509());
        } catch (Exception notYet) {
            return false;
        }
    }

    private long told(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(directory.toString()) && line.contains("cannot be looked at"))
                .count();
    }

    private static void put(Path from, Path to) throws Exception {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Certificate shown(int port, Made trusted) throws Exception {
        try (var socket = (SSLSocket) trusted.trusted().getSocketFactory().createSocket("localhost", port)) {
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
