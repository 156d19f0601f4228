import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What was seen, as text, as a dated page of Markdown and as a page with plots. The plots are drawn here: a load tool that
 * draws them would have to drive the load too, and be a second driver.
 */
final class Report {

    private static final List<String> COLOURS = List.of("#2563eb", "#93c5fd", "#f59e0b");
    private static final double BUSY = 0.1;

    private final String date;
    private final String machine;
    private final String options;
    private final List<Figures> figures;
    private final List<Bars.Bar> bars;
    private final Map<String, String> missing;

    Report(
            String date,
            String machine,
            String options,
            List<Figures> figures,
            List<Bars.Bar> bars,
            Map<String, String> missing) {
        this.date = date;
        this.machine = machine;
        this.options = options;
        this.figures = figures;
        this.bars = bars;
        this.missing = missing;
    }

    /** The table of bars. */
    String text() {
        var text = new StringBuilder();
        int width = bars.stream().mapToInt(bar -> bar.what().length()).max().orElse(10);
        var format = "%-" + width + "s  %-9s %-12s %s%n";
        text.append(format.formatted("what", "bar", "measured", "verdict"));
        bars.forEach(bar -> text.append(format.formatted(bar.what(), bar.bar(), bar.measured(), bar.verdict())));
        missing.forEach((name, why) -> text.append("not measured: ")
                .append(name)
                .append(": ")
                .append(why)
                .append('\n'));
        return text + busy();
    }

    void write(Path markdown, Path html) throws IOException {
        Files.createDirectories(markdown.toAbsolutePath().getParent());
        Files.createDirectories(html.toAbsolutePath().getParent());
        Files.writeString(markdown, markdown());
        Files.writeString(html, html());
    }

    private String markdown() {
        var text = new StringBuilder("# The gateway beside its peers, " + date + "\n\n" + machine + ".\n");
        text.append("`loadtest/peers.sh` with ").append(options).append(".\n\n").append(busy());
        text.append("\n| what | bar | measured | |\n|---|---|---|---|\n");
        bars.forEach(bar ->
                text.append("| %s | %s | %s | %s |%n".formatted(bar.what(), bar.bar(), bar.measured(), bar.verdict())));
        missing.forEach((name, why) -> text.append("\nNot measured: `%s`: %s.%n".formatted(name, why)));
        for (var kind : List.of("GET", "POST")) {
            text.append("\n")
                    .append(kind)
                    .append(", medians of the rounds; CPU, and how long threads waited for a core, in µs for each request, latency in ms:\n\n");
            text.append(
                    "| peer | at most /s | CPU | Redis' CPU | rate /s | CPU at that | busy cores | waited | p50 | p99 | p99.9 | RSS MB | not"
                            + " 2xx | Redis' commands |\n");
            text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
            for (var peer : peers()) {
                text.append("| %s | %.0f | %.1f | %.1f | %.0f | %.1f | %.2f | %.0f | %.2f | %.2f | %.2f | %.0f | %d | %s |%n"
                        .formatted(
                                peer,
                                median(peer, kind, Figures::perSecond),
                                median(peer, kind, Figures::micros),
                                median(peer, kind, Figures::redisMicros),
                                median(peer, kind, Figures::rate),
                                median(peer, kind, Figures::microsAtRate),
                                median(peer, kind, Figures::busyCores),
                                median(peer, kind, Figures::waitedMicros),
                                median(peer, kind, Figures::p50),
                                median(peer, kind, Figures::p99),
                                median(peer, kind, Figures::p999),
                                median(peer, kind, Figures::megabytes),
                                of(peer, kind).mapToLong(Report::notOk).sum(),
                                of(peer, kind)
                                        .map(Figures::redisCalls)
                                        .reduce((first, last) -> last)
                                        .orElse("")));
            }
        }
        return text.toString();
    }

    private String html() {
        var page = new StringBuilder(
                        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Peers, " + date + "</title>")
                .append("<style>body{font:15px/1.5 system-ui;margin:2rem"
                        + " auto;max-width:60rem;color:#1e293b}table{border-collapse:collapse}")
                .append("td,th{padding:.2rem .7rem;border-bottom:1px solid"
                        + " #e2e8f0;text-align:left}.missed{color:#b91c1c;font-weight:600}")
                .append(".met{color:#15803d}svg text{font:12px system-ui;fill:#334155}</style>")
                .append("<h1>The gateway beside its peers</h1><p>")
                .append(date)
                .append(". ")
                .append(escape(machine))
                .append("</p><p>")
                .append(escape(options))
                .append("</p><p>")
                .append(escape(busy()))
                .append("</p><table><tr><th>what<th>bar<th>measured<th>");
        bars.forEach(bar -> page.append("<tr><td>%s<td>%s<td>%s<td class=\"%s\">%s"
                .formatted(
                        escape(bar.what()),
                        bar.bar(),
                        bar.measured(),
                        bar.verdict().toString().replace(' ', '-'),
                        bar.verdict())));
        page.append("</table>");
        missing.forEach((name, why) ->
                page.append("<p>Not measured: ").append(name).append(": ").append(escape(why)));
        for (var kind : List.of("GET", "POST")) {
            page.append("<h2>").append(kind).append("</h2>");
            page.append(chart(kind, "Answers a second, at most", List.of(""), List.of(Figures::perSecond), "%.0f"));
            page.append(chart(
                    kind,
                    "CPU for each request at that, µs",
                    List.of("its own", "its Redis'"),
                    List.of(Figures::micros, Figures::redisMicros),
                    "%.1f"));
            page.append(chart(kind, "Latency at a fixed rate, ms: p50", List.of(""), List.of(Figures::p50), "%.2f"));
            page.append(chart(kind, "p99", List.of(""), List.of(Figures::p99), "%.2f"));
            page.append(chart(kind, "p99.9", List.of(""), List.of(Figures::p999), "%.2f"));
            page.append(chart(kind, "Resident, MB", List.of(""), List.of(Figures::megabytes), "%.0f"));
        }
        return page.toString();
    }

    /** Bars of medians, one upon the other where there are several figures, and a dot for the sum in each round. */
    private String chart(
            String kind, String title, List<String> legend, List<ToDoubleFunction<Figures>> parts, String format) {
        double most = figures.stream()
                .filter(seen -> seen.kind().equals(kind))
                .mapToDouble(seen -> parts.stream()
                        .mapToDouble(part -> part.applyAsDouble(seen))
                        .sum())
                .max()
                .orElse(1);
        var svg = new StringBuilder();
        int y = 24;
        for (var peer : peers()) {
            double x = 100;
            double sum = 0;
            svg.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(y + 12, peer));
            for (int i = 0; i < parts.size(); i++) {
                double value = median(peer, kind, parts.get(i));
                sum += value;
                double width = most <= 0 ? 0 : value / most * 560;
                svg.append("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>"
                        .formatted(x, y, width, COLOURS.get(i)));
                x += width;
            }
            for (var seen : of(peer, kind).toList()) {
                double all = parts.stream()
                        .mapToDouble(part -> part.applyAsDouble(seen))
                        .sum();
                svg.append("<circle cx=\"%.1f\" cy=\"%d\" r=\"2.5\" fill=\"#0f172a\"/>"
                        .formatted(100 + all / most * 560, y + 7));
            }
            svg.append(("<text x=\"670\" y=\"%d\">" + format + "</text>").formatted(y + 12, sum));
            y += 20;
        }
        var names = legend.size() > 1 ? ": " + String.join(", then ", legend) : "";
        return "<svg width=\"760\" height=\"%d\"><text x=\"0\" y=\"14\" font-weight=\"600\">%s%s</text>%s</svg>"
                .formatted(y + 6, title, names, svg);
    }

    private String busy() {
        double most = figures.stream().mapToDouble(Figures::strangers).max().orElse(0);
        double median = Bars.median(
                        figures.stream().mapToDouble(Figures::strangers).toArray())
                .orElse(0);
        return most < BUSY
                ? ""
                : "Others worked on this machine: %.0f %% of all its work in the median round, %.0f %% in the worst. Hold nothing against anybody by this run.%n"
                        .formatted(median * 100, most * 100);
    }

    private List<String> peers() {
        return figures.stream()
                .map(Figures::peer)
                .distinct()
                .sorted(Comparator.comparingInt(Options.PEERS::indexOf))
                .toList();
    }

    private Stream<Figures> of(String peer, String kind) {
        return figures.stream()
                .filter(seen -> seen.peer().equals(peer) && seen.kind().equals(kind));
    }

    private double median(String peer, String kind, ToDoubleFunction<Figures> figure) {
        return Bars.median(of(peer, kind).mapToDouble(figure).toArray()).orElse(Double.NaN);
    }

    private static long notOk(Figures seen) {
        return seen.others().values().stream().mapToLong(Long::longValue).sum();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
