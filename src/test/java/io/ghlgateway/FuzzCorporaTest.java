package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ghlgateway.edge.RequestTargetFuzzer;
import io.ghlgateway.highlevel.BodyFuzzer;
import io.ghlgateway.http.RequestHeadFuzzer;
import io.ghlgateway.settings.ConfigurationFuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Jazzer's targets, briefly: each takes its corpus, and some hundred mutations of it, the same in each build. {@code -Pfuzz}
 * has Jazzer look for more; what it finds is added to the corpus.
 */
class FuzzCorporaTest {

    private static final Path CORPORA = Path.of("src/test/resources/fuzz");
    private static final int MUTATIONS = 200;
    private static final long SEED = 20_261_126;

    @Test
    void noRequestTargetIsMisread() throws IOException {
        runs("edge.RequestTargetFuzzer", RequestTargetFuzzer::fuzzerTestOneInput);
    }

    @Test
    void noRequestHeadIsMisread() throws IOException {
        runs("http.RequestHeadFuzzer", RequestHeadFuzzer::fuzzerTestOneInput);
    }

    @Test
    void noConfigurationBreaksItsReader() throws IOException {
        runs("settings.ConfigurationFuzzer", ConfigurationFuzzer::fuzzerTestOneInput);
    }

    @Test
    void noBodyBreaksItsReader() throws IOException {
        runs("highlevel.BodyFuzzer", BodyFuzzer::fuzzerTestOneInput);
    }

    private static void runs(String corpus, Consumer<byte[]> target) throws IOException {
        var inputs = new ArrayList<byte[]>();
        try (var files = Files.list(CORPORA.resolve(corpus))) {
            for (var file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        assertThat(inputs).hasSizeGreaterThan(4);
        var random = new Random(SEED);
        for (int i = 0; i < inputs.size() + MUTATIONS; i++) {
            var input = i < inputs.size() ? inputs.get(i) : mutated(inputs, random);
            try {
                target.accept(input);
            } catch (Throwable found) {
                fail("input " + i + " of " + corpus + ": " + new String(input, StandardCharsets.ISO_8859_1), found);
            }
        }
    }

    /** One of them with some bytes left out, changed, or taken from another. */
    private static byte[] mutated(List<byte[]> inputs, Random random) {
        var input = inputs.get(random.nextInt(inputs.size()));
        var other = inputs.get(random.nextInt(inputs.size()));
        var mutated = new ByteArrayOutputStream();
        int at = random.nextInt(input.length + 1);
        int cut = Math.min(input.length, at + random.nextInt(4));
        mutated.write(input, 0, at);
        switch (random.nextInt(3)) {
            case 0 -> mutated.write(random.nextInt(256));
            case 1 -> {
                int from = random.nextInt(other.length + 1);
                mutated.write(other, from, random.nextInt(other.length - from + 1));
            }
            default -> {}
        }
        mutated.write(input, cut, input.length - cut);
        return mutated.toByteArray();
    }
}
