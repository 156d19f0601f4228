package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser, before a gateway that works. Skipped where there is no Chromium, and only there: one that does
 * not start fails.
 */
class ConsoleTest {

    private static final String READ_KEY = "read-key-77e10c";
    private static final String LONG =
            "a-tenant-whose-name-is-so-long-that-nobody-would-ever-think-of-putting-it-into-a-table";
    private static final String LONG_LOCATION = "LongLocationId0123456789LongLocationId0123456789LongLocationId01";
    private static final String LONG_CALLER =
            "the-nightly-synchronisation-of-all-contacts-with-a-name-that-has-no-end-but-this-one";
    private static final int MANY = 1_000;

    private static Chromium browser;
    private static TestBed bed;

    @BeforeAll
    static void open() throws IOException {
        var executable = Chromium.find();
        assumeTrue(
                executable.isPresent(),
                "skipped: the console's browser tests need Chromium (CHROMIUM, or chromium on the PATH)");
        browser = Chromium.start(executable.get());
        var plan = new Plan()
                .daily(3)
                .set("admin.read-key", READ_KEY)
                .tenant("{id: " + LONG + ", location: " + LONG_LOCATION + ", token: " + Plan.GLOBEX_TOKEN + "-2}")
                .caller("{name: " + LONG_CALLER + ", key: office-key-71, tenants: [\"*\"]}");
        for (int i = 0; i < MANY; i++) {
            plan.tenant("{id: many-" + i + ", location: many" + i + ", token: pit-many-" + i + "}");
        }
        bed = TestBed.start(plan);
        for (int i = 0; i < 5; i++) {
            bed.get("/contacts/c1"); // of which acme may have three
        }
        bed.send(bed.stranger("/contacts/c1")
                .header("X-Gateway-Key", "office-key-71")
                .header("X-Tenant", LONG)); // whose token is refused
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    /** A page at this door, into which this key was typed. */
    private static Page page(String door, int width, boolean dark, String key) {
        var page = browser.page(width, 800, dark);
        page.go(door + "/console");
        page.until("!document.querySelector('#login').hidden && document.activeElement.id === 'key'");
        page.type(key);
        page.press("Enter");
        return page;
    }

    private static Page page(int width, boolean dark) {
        var page = page(bed.adminUrl(), width, dark, Plan.ADMIN_KEY);
        page.until("document.querySelector('#quotas').innerText.includes('acme')");
        return page;
    }

    /** All that a page may not do, whatever it shows. */
    private static void hasBehaved(Page page, String door) {
        // The first request has no key yet, and the browser says that it was refused.
        assertThat(page.problems())
                .filteredOn(problem -> !problem.contains("/admin/v1/live"))
                .isEmpty();
        assertThat(page.requests())
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url)
                        .startsWith(door + "/")
                        .doesNotContain(Plan.ADMIN_KEY)
                        .doesNotContain(READ_KEY));
        assertThat(page.eval("document.cookie + localStorage.length")).isEqualTo("0");
    }

    @Test
    void anIdleReplicaSaysSoWhatComesIsShownByItselfAndThatItIsGoneToo() {
        try (var idle = TestBed.start(new Plan().daily(3))) {
            var page = page(idle.adminUrl(), 1280, false, "a wrong key");
            page.until("document.querySelector('#login-problem').innerText.includes('the admin key is needed')");
            page.until("document.activeElement.id === 'key'");
            page.type(Plan.ADMIN_KEY);
            page.press("Enter");
            page.until("!document.querySelector('#console').hidden");
            assertThat(page.text("#console"))
                    .contains(
                            "Nothing needs you.",
                            "Nobody waits.",
                            "Nothing was refused since this replica started.",
                            "Private tokens only, and these do not expire.",
                            "No app is configured, so no webhooks come.");

            for (int i = 0; i < 4; i++) {
                idle.get("/contacts/c1");
            }

            page.until(
                    "document.querySelector('#attention').innerText.includes('acme: the day’s quota is used up, back in')");
            page.until("document.querySelector('#attention').innerText.includes('Used by billing (100')");
            page.until("document.querySelector('#reasons').innerText.includes('daily_exhausted: day used up')");
            assertThat(page.text("#announced")).contains("acme: the day’s quota is used up");
            page.until("[...document.querySelectorAll('#quotas tr')].find((row) => row.innerText.includes('acme'))"
                    + ".querySelector('.badge').innerText === 'day used up'");
            hasBehaved(page, idle.adminUrl());

            TestBed.await(idle.drain());
            page.until("document.querySelector('#link').innerText.startsWith('Not live: ')");
            page.until("document.querySelector('#as-of').innerText.startsWith('This is what was at ')");
            page.close();
        }
    }

    @Test
    void aRequestIsExplainedOrTheAnswerSaysWhatIsWrongWithTheQuestion() {
        var page = page(1280, false);

        ask(page, "/contacts/c1", "billing");
        page.until("document.querySelector('#explained').innerText.includes('refused: daily_exhausted 429')");
        assertThat(page.text("#explained")).contains("GET /contacts/{contactId}", Plan.ACME, "0 left of 3");

        ask(page, "/contacts/?locationId=" + Plan.GLOBEX, "billing");
        page.until("document.querySelector('#explained').innerText.includes('sent at once')");

        ask(page, "/contacts/c1", "biling");
        page.until("document.querySelector('#explained').innerText.includes('billing')");
        assertThat(page.text("#explained")).contains("caller: there is none of this name");
        page.forgive(); // a 400, which the browser tells too
        hasBehaved(page, bed.adminUrl());
        page.close();
    }

    private static void ask(Page page, String path, String caller) {
        page.eval("document.querySelector('#x-path').value = '" + path + "'");
        page.eval("document.querySelector('#x-caller').value = '" + caller + "'");
        page.click("#explain button");
    }

    @Test
    void aPauseIsAskedForFirstAndMadeWithTheAdminKeyAlone() {
        var page = page(1280, false);
        var button = "[aria-label=\"Pause acme\"]";

        page.eval("document.querySelector('" + button + "').focus()");
        page.press("Enter");
        page.until("document.querySelector('#ask').open && document.activeElement.id === 'ask-no'");
        assertThat(page.text("#ask")).contains("Pause acme?", "No replica sends anything for this quota meanwhile.");
        page.press("Escape");
        page.until("!document.querySelector('#ask').open");
        page.until("document.activeElement === document.querySelector('" + button + "')");
        assertThat(heldMillis()).isZero();

        page.press("Enter");
        page.until("document.querySelector('#ask').open && document.activeElement.id === 'ask-no'");
        page.press("Tab");
        page.press("Enter");
        page.until("document.querySelector('#said').innerText === 'acme is paused.'");
        assertThat(heldMillis()).isPositive();
        page.until("document.querySelector('[aria-label=\"Resume acme\"]')");
        page.click("[aria-label=\"Resume acme\"]");
        page.click("#ask-yes");
        page.until("document.querySelector('#said').innerText === 'acme goes on.'");

        page.click("#leave");
        page.until("document.activeElement.id === 'key' && document.querySelector('#console').hidden");
        page.type(READ_KEY);
        page.press("Enter");
        page.until("!document.querySelector('#console').hidden"
                + " && document.querySelector('#quotas button').title.startsWith('This key only shows')");
        assertThat(page.is("[...document.querySelectorAll('#quotas button')].every((each) => each.disabled)"))
                .isTrue();
        hasBehaved(page, bed.adminUrl());
        page.close();
    }

    private static long heldMillis() {
        var answer = bed.send(bed.operators("/admin/v1/budgets/private/" + Plan.ACME)
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY));
        return new JsonObject(answer.body()).getLong("held-ms");
    }

    @Test
    void aCredentialIsRefreshedAndADeadLetterReplayedOnceThatIsConfirmed(@TempDir Path directory) throws IOException {
        try (var stand = new AppStand();
                var crm = new SubscriberBench();
                var gateway = stand.plan(directory)
                        .publicDoor()
                        .webhooks("subscribers: [{name: crm, url: \"" + crm.url()
                                + "\", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}]\n"
                                + "webhooks: {first-pause: 10ms, longest-pause: 20ms, give-up-after: 50ms}")
                        .start()) {
            TestBed.await(gateway.gateway.ready());
            var grant = stand.highLevel(new JsonObject()
                    .put("token", new JsonObject().put("app", "main").put("location", "many-1")));
            gateway.asked(
                    gateway.operators("/admin/v1/installations/import")
                            .POST(BodyPublishers.ofString(new JsonObject()
                                    .put("app", "main")
                                    .put("token", grant)
                                    .encode())),
                    201);
            crm.status = 503;
            stand.post(
                    gateway.gateway.publicUrl().orElseThrow() + "/webhooks/main",
                    new JsonObject()
                            .put("type", "ContactCreate")
                            .put("locationId", "many-1")
                            .put("webhookId", "w-1")
                            .put("timestamp", Instant.now().toString()),
                    "ed25519");
            var page = page(gateway.gateway.adminUrl(), 1280, false, AppStand.ADMIN_KEY);
            page.until("document.querySelector('#expires').innerText.includes('main at location:many-1')");
            long generation = generation(gateway);

            page.click("[aria-label=\"Refresh main at location:many-1\"]");
            page.until("document.querySelector('#ask').open");
            assertThat(generation(gateway)).isEqualTo(generation);
            page.click("#ask-yes");
            page.until("document.querySelector('#said').innerText.startsWith('location:many-1 has a new token')");
            assertThat(generation(gateway)).isGreaterThan(generation);

            page.until("document.querySelector('#attention').innerText.includes('1 dead letter.')");
            crm.status = 204;
            page.click("[aria-label=\"Dead letters of crm\"]");
            page.until("document.querySelector('#letters-rows').innerText.includes('status 503')");
            page.click("[aria-label=\"Replay ContactCreate w-1\"]");
            page.until("document.querySelector('#ask').open");
            page.click("#ask-yes");
            page.until("document.querySelector('#said').innerText === '1 replayed to crm.'");
            page.click("#letters-close");
            page.until("!document.querySelector('#attention').innerText.includes('dead letter')");
            page.until("document.querySelector('#subscribers tr').innerText.includes('crm')");
            hasBehaved(page, gateway.gateway.adminUrl());
            page.close();
        }
    }

    private static long generation(AppStand.Stand gateway) {
        return gateway.installation("location:many-1").getLong("generation");
    }

    @Test
    void itIsUsedByKeyboardAndToldToThoseWhoDoNotSee() {
        var page = page(1280, false);

        page.eval("document.querySelector('a, button, input, select').focus()");
        assertThat(page.is("document.activeElement.className === 'skip'"
                        + " && document.activeElement.getBoundingClientRect().left >= 0"))
                .isTrue();
        page.press("Tab");
        page.until("document.activeElement.id === 'theme'"
                + " && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2");
        assertThat(page.eval("['main', 'header', 'h1', '[role=status]'].filter((each) =>"
                        + " document.querySelector(each) === null).join()"))
                .isEqualTo("");
        assertThat(
                        page.eval(
                                "[...document.querySelectorAll('input, select, button')].filter((each) =>"
                                        + " !each.hidden && !(each.labels?.length || each.ariaLabel || each.textContent.trim()"
                                        + " || each.closest('[hidden]') || each.closest('dialog'))).map((each) => each.outerHTML).join()"))
                .isEqualTo("");
        assertThat(page.eval("[...document.querySelectorAll('section')].every((each) => each.ariaLabel"
                        + " || document.getElementById(each.getAttribute('aria-labelledby')))"))
                .isEqualTo(true);
        assertThat(page.eval("document.querySelector('#quotas [role=meter]').getAttribute('aria-valuetext')"))
                .asString()
                .contains(" of ");

        // Focus survives what comes: here three snapshots, seen by the moment in the page's title tag of the feed.
        page.eval("document.querySelector('#quotas button').focus(); window.was = document.activeElement;"
                + " window.seen = 0; new MutationObserver(() => window.seen++)"
                + ".observe(document.querySelector('#tiles'), {subtree: true, childList: true, attributes: true})");
        bed.send(bed.request("/contacts/?locationId=" + Plan.GLOBEX));
        page.until("window.seen > 2");
        assertThat(page.is("document.activeElement === window.was && window.was.isConnected"))
                .isTrue();
        hasBehaved(page, bed.adminUrl());
        page.close();
    }

    @Test
    void aThousandTenantsLongNamesAndAPhonesWidthFitInBothThemes() {
        var page = page(1280, true);
        page.until("document.querySelector('#quotas').innerText.includes('" + LONG + "')");
        assertThat(page.text("#quotas-note")).contains("of 1,003 tenants");
        assertThat((Integer) page.eval("document.querySelectorAll('#quotas tr').length"))
                .isLessThan(61);
        page.until("document.querySelector('#attention').innerText.includes('HighLevel refuses its token')");
        page.until("document.querySelector('#quotas').innerText.includes('" + LONG_CALLER + "')");
        page.eval("document.querySelector('#of').focus()");
        page.type("many-812");
        page.press("Enter");
        page.until("document.querySelector('#quotas tr').innerText.includes('location:many812')");
        page.eval("document.querySelector('#latest-box').open = true");
        page.until("document.querySelector('#latest').innerText.includes('daily_exhausted')");
        for (int width : List.of(1280, 360)) {
            page.resize(width, 800);
            assertThat(page.eval(WIDE)).as("what is too wide at " + width).isEqualTo("");
        }
        assertThat(page.eval("getComputedStyle(document.body).colorScheme")).isEqualTo("light dark");
        assertThat(page.eval(FAINT)).as("too faint in dark").isEqualTo("");
        page.eval("document.querySelector('#theme').value = 'light';"
                + " document.querySelector('#theme').dispatchEvent(new Event('change'))");
        assertThat(page.eval("getComputedStyle(document.body).colorScheme")).isEqualTo("light");
        assertThat(page.eval(FAINT)).as("too faint in light").isEqualTo("");
        page.eval("localStorage.clear()");
        hasBehaved(page, bed.adminUrl());
        page.close();
    }

    @Test
    void ofManyThatAreUsedUpTheFirstAreToldEachAndTheOthersTogether() {
        var page = page(1280, false);

        // Not awaited between the drawing and the look: the next snapshot draws what is.
        var told = String.valueOf(page.eval("""
                import('./overview.js').then(({ showOverview }) => {
                  const quota = (name) => ({ app: 'main', resource: `location:${name}`, tenants: [name], cause: 'day', free: 0,
                    'next-in-ms': 7_200_000, limit: { requests: 100, 'per-ms': 10_000, daily: 60 }, day: { left: 0 },
                    sends: { minute: 0, day: 6 }, callers: [{ name: 'reports', minute: 0, day: 6 }] });
                  const none = { minute: 0, total: 0 };
                  showOverview({ at: '2026-11-26T12:00:00Z', since: '2026-11-26T11:00:00Z', tenants: 1000, waiting: 0,
                    health: { status: 'ok' }, quotas: Array.from({ length: 25 }, (_, i) => quota(`clinic-${i}`)),
                    traffic: { 'minute-ms': 60_000, answers: {}, waits: { answers: 0 }, 'upstream-429': none } });
                  return document.querySelector('#attention').innerText;
                })
                """));

        assertThat(told.lines()).hasSize(6);
        assertThat(told)
                .contains("clinic-4: the day’s quota is used up, back in", "Of 60 that are gone this replica sent 6")
                .contains("20 more are used up for the day: clinic-5,", "clinic-24. There may be more");
        hasBehaved(page, bed.adminUrl());
        page.close();
    }

    /** What reaches beyond the window's edge, or the window can be scrolled to. */
    private static final String WIDE = """
            [...document.querySelectorAll('body *')]
              .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1
                && !node.closest('.unseen'))
              .map((node) => `${node.tagName}.${node.className}`)
              .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
              .join()
            """;

    /** Texts with less contrast than 4.5 to 1 on what they stand on (WCAG 2.2, 1.4.3), but for what is disabled. */
    private static final String FAINT = """
            (() => {
              const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
              const light = (colour) => parse(colour).slice(0, 3).map((part) => part / 255)
                .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
                .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = (node) => {
                for (let each = node; each; each = each.parentElement) {
                  const colour = getComputedStyle(each).backgroundColor;
                  if ((parse(colour)[3] ?? 1) === 1) return colour;
                }
                return 'rgb(255, 255, 255)';
              };
              const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
              return [...document.querySelectorAll('body *')]
                .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== '')
                  && node.getClientRects().length > 0 && !node.disabled)
                .filter((node) => ratio(light(getComputedStyle(node).color), light(ground(node))) < 4.5)
                .map((node) => `${node.tagName}.${node.className} ${node.textContent}`).join();
            })()
            """;
}
