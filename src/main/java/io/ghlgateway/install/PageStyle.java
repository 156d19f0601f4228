package io.ghlgateway.install;

import io.ghlgateway.digest.Sha256;
import java.util.Base64;

/** How the door's pages look, and the policy that lets a browser take this style and nothing else. */
final class PageStyle {

    static final String CSS = """
            :root { color-scheme: light dark; --ink: #14202e; --soft: #55657a; --paper: #fff; --ground: #eef2f7;
              --line: #dfe6ee; --tone: #2563eb; --tint: #e8effd }
            body.done { --tone: #15803d; --tint: #e3f5e9 } body.wait { --tone: #b45309; --tint: #fdf1dd }
            body.fail { --tone: #b91c1c; --tint: #fde8e8 }
            * { box-sizing: border-box }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem;
              font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
              color: var(--ink); background: var(--ground) }
            main { width: 100%; max-width: 30rem; padding: 2.25rem 2rem 2rem; background: var(--paper);
              border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 12px 32px rgba(15, 30, 50, .08) }
            svg { display: block; width: 3rem; height: 3rem; padding: .75rem; border-radius: 50%;
              color: var(--tone); background: var(--tint) }
            h1 { margin: 1.1rem 0 .4rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em }
            p { margin: 0 0 1rem; color: var(--soft) }
            dl { margin: 1.4rem 0; border-top: 1px solid var(--line) }
            dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1.5rem; padding: .6rem 0;
              border-bottom: 1px solid var(--line) }
            dt { color: var(--soft) } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
            .next { margin: 0; padding: .8rem 1rem; border-radius: .6rem; color: var(--ink); background: var(--tint) }
            a { display: inline-block; margin-top: 1.2rem; padding: .7rem 1.2rem; border-radius: .6rem; color: #fff;
              background: #1d4ed8; font-weight: 600; text-decoration: none }
            a:hover { background: #1e40af } a:focus-visible { outline: 3px solid #93c5fd; outline-offset: 2px }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e8eef6; --soft: #9fb0c3; --paper: #17212d; --ground: #0e151d; --line: #2a3846;
                --tone: #7cabff; --tint: #1a2c4a }
              body.done { --tone: #5fd38a; --tint: #14301f } body.wait { --tone: #f5b85c; --tint: #37280f }
              body.fail { --tone: #ff9a9a; --tint: #3c1a1c }
            }
            """;

    static final String POLICY = "default-src 'none'; style-src '" + hash(CSS) + "'; img-src 'self'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";

    private PageStyle() {}

    /** As a policy names what stands between {@code <style>} and its end, to the byte. */
    private static String hash(String css) {
        return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(css));
    }
}
