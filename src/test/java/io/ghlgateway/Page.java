package io.ghlgateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A window of {@link Chromium}'s, and what somebody does who sits before it. */
final class Page {

    private static final Map<String, JsonObject> KEYS = Map.of(
            "Tab", key("Tab", "Tab", 9, ""),
            "Enter", key("Enter", "Enter", 13, "\r"),
            "Escape", key("Escape", "Escape", 27, ""));

    private final Chromium browser;
    private final String session;
    private final String target;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Set<String> requests = new ConcurrentSkipListSet<>();

    Page(Chromium browser, String session, String target) {
        this.browser = browser;
        this.session = session;
        this.target = target;
    }

    private static JsonObject key(String key, String code, int number, String text) {
        var json = new JsonObject().put("key", key).put("code", code).put("windowsVirtualKeyCode", number);
        return text.isEmpty() ? json : json.put("text", text);
    }

    void open(int width, int height, boolean dark) {
        for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", new JsonObject());
        }
        resize(width, height);
        call("Emulation.setFocusEmulationEnabled", new JsonObject().put("enabled", true));
        call(
                "Emulation.setEmulatedMedia",
                new JsonObject()
                        .put(
                                "features",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "prefers-color-scheme")
                                                .put("value", dark ? "dark" : "light"))
                                        .add(new JsonObject()
                                                .put("name", "prefers-reduced-motion")
                                                .put("value", "reduce"))));
    }

    void resize(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    void go(String url) {
        call("Page.navigate", new JsonObject().put("url", url));
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression of JavaScript's. */
    Object eval(String expression) {
        var said = call(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (said.containsKey("exceptionDetails")) {
            throw new Chromium.Refusal(expression + ": " + said.getJsonObject("exceptionDetails"));
        }
        return said.getJsonObject("result").getValue("value");
    }

    boolean is(String expression) {
        return Boolean.TRUE.equals(eval("Boolean(" + expression + ")"));
    }

    /** Waits for what is to come; where it does not, all is told that may be why. */
    void until(String expression) {
        var refused = new AtomicReference<>("");
        try {
            TestBed.until(() -> isYet(expression, refused));
        } catch (AssertionError late) {
            throw new AssertionError(
                    "waited in vain for: " + expression + "\n" + refused + "\nproblems: " + problems + "\nthe page: "
                            + shown(),
                    late);
        }
    }

    /** A page that is on its way to another document has none to ask for the moment, or half of it. */
    private boolean isYet(String expression, AtomicReference<String> refused) {
        try {
            boolean isSo = is(expression);
            refused.set("");
            return isSo;
        } catch (Chromium.Refusal moving) {
            refused.set(moving.getMessage());
            return false;
        }
    }

    private String shown() {
        try {
            return String.valueOf(eval("location.href + '\\n' + document.body.innerText"));
        } catch (AssertionError unknown) {
            return "cannot be asked: " + unknown.getMessage();
        }
    }

    String text(String selector) {
        return String.valueOf(eval("document.querySelector('" + selector + "').innerText"));
    }

    void click(String selector) {
        eval("document.querySelector('" + selector + "').click()");
    }

    void press(String name) {
        var key = KEYS.get(name);
        call("Input.dispatchKeyEvent", key.copy().put("type", "keyDown"));
        call("Input.dispatchKeyEvent", key.copy().put("type", "keyUp"));
    }

    void type(String text) {
        call("Input.insertText", new JsonObject().put("text", text));
    }

    /** As a picture, as long as the page is. */
    void picture(Path file) {
        var picture = call("Page.captureScreenshot", new JsonObject());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(picture.getString("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Errors of its scripts, what the browser refused to load or to do, and answers that failed. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    void forgive() {
        problems.clear();
    }

    /** Each address that was asked for. */
    Set<String> requests() {
        return requests;
    }

    void close() {
        browser.call("", "Target.closeTarget", new JsonObject().put("targetId", target));
    }

    void heard(String event, JsonObject said) {
        switch (event) {
            case "Network.requestWillBeSent" ->
                requests.add(said.getJsonObject("request").getString("url"));
            case "Runtime.exceptionThrown" ->
                problems.add(said.getJsonObject("exceptionDetails").encode());
            case "Runtime.consoleAPICalled" -> {
                if (Set.of("error", "warning").contains(said.getString("type"))) {
                    problems.add(said.getJsonArray("args").encode());
                }
            }
            case "Log.entryAdded" -> {
                if (!said.getJsonObject("entry").getString("level").equals("verbose")) { // else it is advice
                    problems.add(said.getJsonObject("entry").encode());
                }
            }
            default -> {}
        }
    }

    private JsonObject call(String method, JsonObject parameters) {
        return browser.call(session, method, parameters);
    }
}
