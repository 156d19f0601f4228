package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import picocli.CommandLine;

/**
 * Takes the pictures of the console that the README shows: of the demo, after it has run for a while. {@code ./mvnw test
 * -Dtest=ConsolePicturesTest -Dconsole.pictures=src/docs/images} takes them anew.
 */
@EnabledIfSystemProperty(named = "console.pictures", matches = ".+", disabledReason = "takes pictures on demand only")
class ConsolePicturesTest {

    private static final int WIDTH = 1200;
    /** So that a whole minute of traffic shows. */
    private static final Duration LATER = Duration.ofSeconds(100);

    @Test
    void takesThemInBothThemesAndAtAPhonesWidth() throws IOException {
        var directory = Path.of(System.getProperty("console.pictures"));
        int port = FreePorts.next();
        var demo = new Thread(() -> new CommandLine(new DemoCommand())
                .execute("--port", "0", "--admin-port", String.valueOf(port), "--for", "200s"));
        demo.setDaemon(true);
        demo.start();
        try (var browser = Chromium.start(Chromium.find().orElseThrow())) {
            var page = browser.page(WIDTH, 900, false);
            TestBed.until(() -> {
                page.go("http://127.0.0.1:" + port + "/console");
                return page.is("document.querySelector('#quotas tr') !== null");
            });
            long end = System.nanoTime() + LATER.toNanos();
            while (System.nanoTime() < end) {
                page.until("document.querySelector('#link.live') !== null");
            }
            page.eval("document.querySelector('#x-path').value = '/contacts/abc';"
                    + " document.querySelector('#x-caller').value = 'reports';"
                    + " document.querySelector('#x-tenant').value = 'northside-clinic'");
            page.click("#explain button");
            page.until("document.querySelector('#explained').innerText.includes('daily_exhausted')");
            for (var theme : new String[] {"light", "dark"}) {
                page.eval("document.querySelector('#theme').value = '" + theme + "';"
                        + " document.querySelector('#theme').dispatchEvent(new Event('change'))");
                page.resize(WIDTH, height(page));
                page.picture(directory.resolve("console-" + theme + ".png"));
            }
            page.resize(360, 800);
            page.picture(directory.resolve("console-phone.png"));
            assertThat(page.problems()).isEmpty();
        }
    }

    private static int height(Page page) {
        return (Integer) page.eval("document.documentElement.scrollHeight");
    }
}
